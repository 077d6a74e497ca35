"""What operators see: one JSON line per happening, and metrics for Prometheus."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

import msgspec
import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from rendezvous.refusals import Refused
from rendezvous.switchboard import Switchboard
from rendezvous.switchboard.verbs import Effects, Ending, Match
from rendezvous.tally import Relays, Tally
from rendezvous.workers.metrics import SharedMetrics

SECONDS = (0.001, 0.01, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600)
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"  # the Prometheus text format
SHOWN_OF_A_SESSION_ID = 6  # enough to follow one session through a log, useless to act for it

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


def set_up_logs(level: str, *, for_people: bool) -> None:
    """Send our lines and those of the libraries to standard output, in one form."""
    shared: list[structlog.typing.Processor] = [structlog.stdlib.add_log_level, _stamp]
    ours: structlog.typing.Processor
    theirs: structlog.typing.Processor
    if for_people:
        # The default shows local variables where rich is installed: what was said, and session ids.
        ours = theirs = structlog.dev.ConsoleRenderer(
            exception_formatter=structlog.dev.plain_traceback
        )
        factory: Any = structlog.PrintLoggerFactory(sys.stdout)
    else:
        shared.append(structlog.processors.format_exc_info)
        ours, theirs = _encode, _encode_as_text
        factory = Lines
    structlog.configure(
        processors=[*shared, ours],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=factory,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, theirs],
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)


class Lines:
    """Where encoded lines go: standard output, each at once.

    Six lines a chat cost as much as twenty messages when printed as text, with structlog's time
    stamp and under its lock: 10 us each of those. This takes 5.6.
    """

    def __init__(self, *_args: object) -> None:
        self._output = sys.stdout.buffer

    def msg(self, line: bytes) -> None:
        """Write a line of any level."""
        self._output.write(line + b"\n")
        self._output.flush()

    debug = info = warning = error = critical = exception = msg


def _stamp(_logger: object, _method: str, line: structlog.typing.EventDict) -> Any:
    line["timestamp"] = msgspec.to_builtins(datetime.now(UTC))  # ISO 8601
    return line


def _encode(_logger: object, _method: str, line: structlog.typing.EventDict) -> bytes:
    return msgspec.json.encode(line, enc_hook=repr)


def _encode_as_text(logger: object, method: str, line: structlog.typing.EventDict) -> str:
    return _encode(logger, method, line).decode()


def short(session_id: str) -> str:
    """As much of a session id as a log may hold."""
    return session_id[:SHOWN_OF_A_SESSION_ID] + "…"


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
        self._time_to_match = self._histogram(
            "rendezvous_time_to_match_seconds", "How long the first of a pair waited"
        )
        self._chat_duration = self._histogram(
            "rendezvous_chat_duration_seconds", "From match to end"
        )
        self._scraped = shared.registry() if shared else self.registry
        relays = Relays(shared)
        self._relays: dict[str, Tally] = relays.tallies
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
        log.info("refused", what=what, code=refused.code)

    def connected(self, connection: Any) -> None:
        """A Socket.IO client has connected."""
        log.info("connected", socket=short(connection.sid))

    def disconnected(self, connection: Any, reason: str) -> None:
        """A Socket.IO client has gone."""
        log.info("disconnected", socket=short(connection.sid), reason=reason)

    def happened(self, effects: Effects) -> None:
        """Matches and ends, of whichever verb."""
        for match in effects.matches:
            self._matched(match)
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
            "rendezvous_sessions", "Sessions by state and type", labels=["state", "chat_type"]
        )
        try:
            counts = self._switchboard.counts()
        except Refused:
            return []  # a store that does not answer must not take the other metrics with it
        for chat_type, waiting in counts.waiting.items():
            sessions.add_metric(["waiting", chat_type], waiting)
        for chat_type, chats in counts.chats.items():
            sessions.add_metric(["matched", chat_type], 2 * chats)
        return [sessions]
