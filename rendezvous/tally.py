"""Counting what is relayed, at the price of an addition."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate

from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from rendezvous.workers.metrics import SharedMetrics

RELAY_SECONDS = (0.00002, 0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.01, 0.1, 1)
CELLS = len(RELAY_SECONDS) + 2  # a count for each bucket, one for what is above them, and the sum


class Tally:
    """A histogram without a lock: cooperative threads cannot interrupt an addition.

    prometheus_client's takes three locks for an observation and its counter, 3 us under gevent
    against 0.3 here, which is a tenth of what a whole message costs.
    """

    __slots__ = ("_cells",)

    def __init__(self, cells: list[float] | memoryview[float]) -> None:
        self._cells = cells

    def add(self, seconds: float) -> None:
        """Count one value."""
        cells = self._cells
        cells[bisect_left(RELAY_SECONDS, seconds)] += 1
        cells[-1] += seconds


class Relays(Collector):
    """What was relayed, by kind: in this process, or in all workers of this machine."""

    def __init__(self, shared: SharedMetrics | None) -> None:
        self._shared = shared
        self._cells = {
            kind: shared.cells(kind, CELLS) if shared else [0.0] * CELLS
            for kind in ("message", "signal")
        }
        self.tallies = {kind: Tally(cells) for kind, cells in self._cells.items()}

    def collect(self) -> list[Metric]:
        relayed = CounterMetricFamily(
            "rendezvous_relayed", "Messages and signals relayed", labels=["kind"]
        )
        latency = HistogramMetricFamily(
            "rendezvous_relay_latency_seconds",
            "From reading a message or signal to handing it to the partner's socket or inbox",
            labels=["kind"],
        )
        bounds = [*map(str, RELAY_SECONDS), "+Inf"]
        for kind in self._cells:
            *counts, seconds = self._total(kind)
            buckets = list(zip(bounds, accumulate(counts), strict=True))
            relayed.add_metric([kind], buckets[-1][1])
            latency.add_metric([kind], buckets, seconds)
        return [relayed, latency]

    def _total(self, kind: str) -> Sequence[float]:
        if self._shared is None:
            return self._cells[kind]
        return [sum(column) for column in zip(*self._shared.cells_of_all(kind), strict=True)]
