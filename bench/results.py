"""The figures of the last runs, kept as JSON: each part can be run, and shown, by itself."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any, Final

from bench import servers
from bench.environments import eventlet_python
from bench.parts import Outcome, Scale

OURS, NODE, PLAIN = "rendezvous", "node", "plain"
LABELS: Final = {OURS: "Rendezvous", NODE: "Node Socket.IO", PLAIN: "Flask-SocketIO on eventlet"}
DIRECTORY: Final = Path(__file__).parent / "results"
STORE: Final = DIRECTORY / "latest.json"
PACKAGES: Final = (
    "gevent",
    "greenlet",
    "msgspec",
    "websockets",
    "Flask",
    "Flask-SocketIO",
    "python-socketio",
    "python-engineio",
)


class Results:
    """What is known of each part: when and where it was measured, its figures and its remarks."""

    def __init__(self, parts: dict[str, Any]) -> None:
        self.parts = parts

    @classmethod
    def load(cls) -> Results:
        return cls(json.loads(STORE.read_text()) if STORE.exists() else {})

    def put(self, part: str, outcome: Outcome, scale: Scale) -> None:
        self.parts[part] = {
            "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
            "machine": machine(),
            "versions": versions(),
            "scale": asdict(scale),
            "figures": outcome.figures,
            "remarks": outcome.remarks,
        }

    def save(self) -> None:
        DIRECTORY.mkdir(exist_ok=True)
        STORE.write_text(json.dumps(_rounded(self.parts), indent=1) + "\n")

    def metrics(self, part: str, kind: str) -> dict[str, list[float]]:
        figures: dict[str, dict[str, list[float]]] = self.parts.get(part, {}).get("figures", {})
        return figures.get(kind, {})

    def median(self, part: str, kind: str, metric: str) -> float | None:
        values = self.metrics(part, kind).get(metric)
        return median(values) if values else None

    def ratio(self, part: str, kind: str, other: str, metric: str) -> float | None:
        """Return how often the median of `other` goes into that of `kind`."""
        one, two = self.median(part, kind, metric), self.median(part, other, metric)
        return one / two if one is not None and two else None

    def sizes(self, part: str, kind: str, metric: str) -> list[int]:
        """Return the sizes at which `metric` was measured: those of `metric@size`, ascending."""
        names = (name.partition("@") for name in self.metrics(part, kind))
        return sorted(int(size) for name, _, size in names if name == metric and size)


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.5g}")
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    return [_rounded(each) for each in value] if isinstance(value, list | tuple) else value


def machine() -> str:
    """Describe the processor, its cores, the memory and the kernel, in one line."""
    model = _field("/proc/cpuinfo", "model name") or platform.machine()
    gigabytes = int((_field("/proc/meminfo", "MemTotal") or "0").split()[0]) / 1024**2
    kernel = platform.release().split("-")[0]
    return f"{model}, {os.cpu_count()} cores, {gigabytes:.0f} GB, Linux {kernel}"


def _field(path: str, name: str) -> str:
    for line in Path(path).read_text().splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return ""


def versions() -> dict[str, str]:
    found = {"Python": platform.python_version(), **_installed(PACKAGES)}
    with suppress(ModuleNotFoundError):
        found["Node"] = servers.output_of(servers.node_binary(), "--version").lstrip("v")
    for package in ("socket.io", "engine.io", "ws"):
        path = servers.HERE / "node/node_modules" / package / "package.json"
        if path.exists():
            found[package] = json.loads(path.read_text())["version"]
    with suppress(ModuleNotFoundError):
        show = "import importlib.metadata as it; print(it.version('eventlet'))"
        found["eventlet"] = servers.output_of(eventlet_python(), "-c", show)
    return found


def _installed(packages: Iterable[str]) -> dict[str, str]:
    found = {}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
