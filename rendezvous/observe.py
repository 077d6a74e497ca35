"""What operators see: one JSON line per happening, and metrics for Prometheus."""

from __future__ import annotations

from time import perf_counter
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from rendezvous.logs import log, short
from rendezvous.refusals import Refused
from rendezvous.sparing import Sparing
from rendezvous.switchboard import Switchboard
from rendezvous.switchboard.results import Effects, Ending, Match, Upgrade
from rendezvous.switchboard.verbs import Reason
from rendezvous.tally import Relays, Tally
from rendezvous.workers.metrics import SharedMetrics

SECONDS = (0.001, 0.01, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600)
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"  # the Prometheus text format


class Observer:
    """Counts and logs; never a message's text, never a whole session id."""

    def __init__(self, switchboard: Switchboard) -> None:
        shared = SharedMetrics.of_this_process()  # first, because metrics ask where to count
        self.registry = CollectorRegistry()
        self._refusals = Counter(
            "rendezvous_refusals", "Refusals by code", ["code"], registry=self.registry
        )
        self._matches = Counter(
            "rendezvous_matches", "Pairs introduced", ["chat_type"], registry=self.registry
        )
        self._upgrades = Counter(
            "rendezvous_upgrades", "Text chats that went on by video", registry=self.registry
        )
        self._lettings_go = Counter(
            "rendezvous_lettings_go",
            "Times that a worker closed the sockets of a chat type for its clients to come back",
            ["why"],
            registry=self.registry,
        )
        self._time_to_match = self._histogram(
            "rendezvous_time_to_match_seconds", "How long the first of a pair waited"
        )
        self._chat_duration = self._histogram(
            "rendezvous_chat_duration_seconds", "From match to end"
        )
        self._scraped = shared.registry() if shared else self.registry
        relays = Relays(shared)
        self._relays: dict[str, Tally] = relays.tallies
        self._sparing = Sparing()
        self._scraped.register(relays)
        self._scraped.register(_Population(switchboard))
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)

    def _histogram(self, name: str, meaning: str) -> Histogram:
        return Histogram(name, meaning, ["chat_type"], buckets=SECONDS, registry=self.registry)

    def relayed(self, kind: str, since: float) -> None:
        """One `kind` ("message" or "signal"), read at `since` on `perf_counter`, has gone on."""
        self._relays[kind].add(perf_counter() - since)

    def refused(self, refused: Refused, what: str) -> None:
        """`what` (a call or an event) was refused."""
        self._refusals.labels(refused.code).inc()
        unsaid = self._sparing.unsaid(refused.code)
        if unsaid is None:
            return
        # Who is over a limit is told so thousands of times, which nobody wants to read.
        tell = log.debug if refused.code == "rate_limited" else log.info
        tell("refused", what=what, code=refused.code, **({"unsaid": unsaid} if unsaid else {}))

    def connected(self, connection: Any) -> None:
        """A Socket.IO client has connected."""
        log.info("connected", socket=short(connection.sid))

    def disconnected(self, connection: Any, reason: str) -> None:
        """A Socket.IO client has gone."""
        log.info("disconnected", socket=short(connection.sid), reason=reason)

    def let_go(self, why: Reason) -> None:
        """This process has closed the sockets of a chat type."""
        self._lettings_go.labels(why).inc()

    def happened(self, effects: Effects) -> None:
        """Matches, upgrades and ends, of whichever verb."""
        for match in effects.matches:
            self._matched(match)
        for upgrade in effects.upgrades:
            self._upgraded(upgrade)
        for ending in effects.endings:
            self._ended(ending)

    def exposition(self) -> bytes:
        """The metrics in Prometheus' text format: of this process, or of all workers here."""
        return generate_latest(self._scraped)

    def _matched(self, match: Match) -> None:
        self._matches.labels(match.chat_type).inc()
        self._time_to_match.labels(match.chat_type).observe(match.waited)
        log.info(
            "matched",
            sessions=[short(each) for each in match.sessions],
            chat_type=match.chat_type,
            waited=round(match.waited, 3),
        )

    def _upgraded(self, upgrade: Upgrade) -> None:
        self._upgrades.inc()
        log.info(
            "upgraded",
            sessions=[short(each) for each in upgrade.sessions],
            seconds=round(upgrade.seconds, 3),
        )

    def _ended(self, ending: Ending) -> None:
        if len(ending.sessions) > 1:
            self._chat_duration.labels(ending.chat_type).observe(ending.seconds)
        log.info(
            "ended",
            sessions=[short(each) for each in ending.sessions],
            chat_type=ending.chat_type,
            reason=ending.reason,
            seconds=round(ending.seconds, 3),
            messages=ending.messages,
        )


class _Population(Collector):
    """Reads the switchboard's counts when Prometheus asks, so that they cost nothing otherwise."""

    def __init__(self, switchboard: Switchboard) -> None:
        self._switchboard = switchboard

    def collect(self) -> list[Metric]:
        sessions = GaugeMetricFamily(
            "rendezvous_sessions",
            "Sessions by state and type; with Redis those of the whole site, from whichever worker",
            labels=["state", "chat_type"],
        )
        up = GaugeMetricFamily("rendezvous_switchboard_up", "1 if the switchboard answers")
        try:
            counts = self._switchboard.counts()
        except Refused:
            up.add_metric([], 0)
            return [up]  # a store that does not answer must not take the other metrics with it
        up.add_metric([], 1)
        for chat_type, waiting in counts.waiting.items():
            sessions.add_metric(["waiting", chat_type], waiting)
        for chat_type, chats in counts.chats.items():
            sessions.add_metric(["matched", chat_type], 2 * chats)
        return [up, sessions]
