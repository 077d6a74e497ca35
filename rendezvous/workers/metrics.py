"""The metrics of all workers of a machine, so that whichever is scraped answers for all.

prometheus_client's multiprocess mode: each worker counts in files that the others can read. What it
has no place for is kept beside them: tallies without a lock, and the processes themselves.
"""

from __future__ import annotations

import mmap
import os
from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path

from prometheus_client import CollectorRegistry, values
from prometheus_client.core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from .slots import DIRECTORY, slot_of_this_process

DOUBLE = 8  # bytes


class SharedMetrics:
    """Where the workers of one machine count. Make it before the first metric."""

    def __init__(self, directory: Path, slot: str) -> None:
        self._directory = directory
        self._slot = slot
        shared = values.MultiProcessValue(lambda: slot)  # type: ignore[no-untyped-call]
        values.ValueClass = shared  # as the documentation has it
        (directory / f"pid_{slot}").write_text(str(os.getpid()))

    @classmethod
    def of_this_process(cls) -> SharedMetrics | None:
        """What the environment says; None for a process that has no siblings."""
        directory = os.environ.get(DIRECTORY)
        return cls(Path(directory), slot_of_this_process()) if directory else None

    def cells(self, name: str, number: int) -> memoryview[float]:
        """That many numbers of this worker, which are where a predecessor in its slot left them."""
        with self._file(name, self._slot).open("a+b") as file:
            file.truncate(number * DOUBLE)
            return memoryview(mmap.mmap(file.fileno(), number * DOUBLE)).cast("d")

    def cells_of_all(self, name: str) -> list[Sequence[float]]:
        """What each worker has, or had, under that name."""
        return [array("d", each.read_bytes()) for each in self._directory.glob(f"{name}_*.cells")]

    def registry(self) -> CollectorRegistry:
        """What to scrape: everybody's metrics, and everybody's process."""
        registry = CollectorRegistry()
        MultiProcessCollector(registry, str(self._directory))  # type: ignore[no-untyped-call]
        registry.register(_Processes(self._directory))
        return registry

    def _file(self, name: str, slot: str) -> Path:
        return self._directory / f"{name}_{slot}.cells"


class _Processes(Collector):
    """prometheus_client's process metrics of each worker, labelled with its slot."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def collect(self) -> Iterable[Metric]:
        families: dict[str, Metric] = {}
        for file in sorted(self._directory.glob("pid_*")):
            for one in ProcessCollector(registry=None, pid=file.read_text).collect():
                new = Metric(one.name, one.documentation, one.type)
                family = families.setdefault(one.name, new)
                for sample in one.samples:
                    label = {"worker": file.name.removeprefix("pid_")}
                    family.add_sample(sample.name, label, sample.value)
        return families.values()
