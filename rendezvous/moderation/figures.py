"""What Prometheus is told of moderation."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge


class Figures:
    """Counters and gauges; of several workers, the ones that matter to who is called at night."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._reports = Counter(
            "rendezvous_reports", "Reports taken", ["reason"], registry=registry
        )
        self._blocks = Counter("rendezvous_blocks", "Strangers blocked", registry=registry)
        self._turned_out = Counter(
            "rendezvous_turned_out", "Sockets closed by a ban", registry=registry
        )
        self._bans = Gauge(
            "rendezvous_bans", "Bans in force", registry=registry, multiprocess_mode="livemax"
        )
        self._up = Gauge(
            "rendezvous_database_up",
            "Whether the database answers",
            registry=registry,
            multiprocess_mode="livemin",
        )
        self._waiting = Gauge(
            "rendezvous_papers_waiting",
            "Reports and blocks that are not in the database yet",
            registry=registry,
            multiprocess_mode="livemax",
        )

    def reported(self, reason: str) -> None:
        """A report was taken."""
        self._reports.labels(reason).inc()

    def blocked(self) -> None:
        """Somebody was blocked."""
        self._blocks.inc()

    def turned_out(self, sockets: int) -> None:
        """So many sockets were closed."""
        self._turned_out.inc(sockets)

    def asked(self, *, up: bool, bans: int, waiting: int) -> None:
        """The database was asked."""
        self._up.set(up)
        self._bans.set(bans)
        self._waiting.set(waiting)
