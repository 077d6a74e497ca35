"""Where our server's time goes under load, from samples of its stack."""

from __future__ import annotations

import json
import linecache
import os
import re
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from bench import load
from bench.parts import Scale
from bench.results import DIRECTORY, machine
from bench.servers import ROOT, Server, ours, running

SHOWN: Final = 20
PACKAGE: Final = re.compile(r".*/(?:site-packages|python3\.\d+)/")

Stack = tuple[str, ...]


@dataclass(frozen=True)
class Profile:
    """Samples of stacks, innermost frame first as `file:line:function`, and CPU for each unit."""

    title: str
    cpu_us: float
    system: float
    stacks: Counter[Stack]

    def self_by(self, key: Callable[[str], str]) -> Counter[str]:
        """Count by what the innermost frame is."""
        counts: Counter[str] = Counter()
        for stack, count in self.stacks.items():
            counts[key(stack[0])] += count
        return counts

    def total_by(self, key: Callable[[str], str]) -> Counter[str]:
        """Count by what is anywhere on the stack."""
        counts: Counter[str] = Counter()
        for stack, count in self.stacks.items():
            counts.update(dict.fromkeys(map(key, stack), count))
        return counts


def write(scale: Scale) -> None:
    profiles = (_of_chats(scale), _of_messages(scale), _of_connects(scale))
    text = "\n".join(line for profile in profiles for line in _lines(profile))
    head = f"# Where the time goes\n\nWritten by `python -m bench profile`, on {machine()}.\n"
    DIRECTORY.mkdir(exist_ok=True)
    (DIRECTORY / "profile.md").write_text(head + text + "\n")
    print(head + text)


def _of_chats(scale: Scale) -> Profile:
    def run(server: Server) -> load.Result:
        load.whole_chats(server, scale.chats // 4, 0, scale.chats_at_once)
        os.kill(server.pid, signal.SIGUSR1)
        return load.whole_chats(server, 2 * scale.chats, 0, scale.chats_at_once)

    return _profile("Whole chats", run)


def _of_messages(scale: Scale) -> Profile:
    def run(server: Server) -> load.Result:
        load.endless_talk(server, scale.messages // 4, 0, scale.pairs)
        os.kill(server.pid, signal.SIGUSR1)
        return load.endless_talk(server, 2 * scale.messages, 0, scale.pairs)

    return _profile("Messages", run)


def _of_connects(scale: Scale) -> Profile:
    def run(server: Server) -> load.Result:
        load.connects(server, scale.chats // 4)
        os.kill(server.pid, signal.SIGUSR1)
        return load.connects(server, 4 * scale.chats)

    return _profile("Connects, and leaving again", run)


def _profile(title: str, run: Callable[[Server], load.Result]) -> Profile:
    with tempfile.TemporaryDirectory() as directory:
        output = Path(directory) / "samples.json"
        command = (sys.executable, "-m", "bench.sampler", str(output))
        with running(replace(ours(), command=command)) as server:
            result = run(server)
        samples = json.loads(output.read_text())
    stacks = Counter({tuple(stack): count for count, *stack in samples["stacks"]})
    system = samples["system"] / (samples["user"] + samples["system"])
    return Profile(title, 1e6 * result.cpu_each, system, stacks)


def place(frame: str) -> str:
    """Return the file of a frame, as short as it can be said."""
    path = frame.partition(":")[0].removeprefix(f"{ROOT}/")
    return PACKAGE.sub("", path)


def function(frame: str) -> str:
    return f"{frame.rpartition(':')[2]} ({place(frame)})"


def package(frame: str) -> str:
    parts = Path(place(frame)).parts
    return "/".join(parts[:2]) if parts[0] == "rendezvous" else parts[0]


def source_line(frame: str) -> str:
    path, number, _ = frame.split(":", 2)
    return f"{linecache.getline(path, int(number)).strip()} ({place(frame)}:{number})"


def _lines(profile: Profile) -> Iterator[str]:
    total = profile.stacks.total()
    yield from ("", f"## {profile.title}", "")
    yield (
        f"{profile.cpu_us:,.1f} µs of CPU each while being watched, {profile.system:.0%} of the "
        f"process's time in the kernel; {total:,} samples. What C code and the kernel do counts "
        "for the line of Python that called them."
    )
    tables = (
        ("by package", profile.self_by(package)),
        ("by line, without what it calls in Python", profile.self_by(source_line)),
        ("by function, with all that it calls", profile.total_by(function)),
    )
    for title, counts in tables:
        yield from (
            "",
            f"{profile.title}, {title}:",
            "",
            "| share | µs | |",
            "| ---: | ---: | --- |",
        )
        for name, count in counts.most_common(SHOWN):
            share = count / total
            shown = name.replace("|", "\\|")
            yield f"| {share:.1%} | {share * profile.cpu_us:,.1f} | `{shown}` |"
