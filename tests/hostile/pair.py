"""The honest pair: two who chat all the time, in a process of their own, and time each exchange.

`python -m tests.hostile.pair URL` prints when each exchange ended and how long it took.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from typing import Self

from tests.harness.clients import wait_for
from tests.harness.raw import RawSocket
from tests.harness.servers import ROOT

PAUSE = 0.005  # s between two exchanges, because the pair is not the attack


class Pair:
    """The pair as the tests see it. Not threads of ours, because an attack would slow those."""

    def __init__(self, url: str) -> None:
        command = [sys.executable, "-m", "tests.hostile.pair", url]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        self._exchanges: list[tuple[float, float]] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            ended, seconds = line.split()
            self._exchanges.append((float(ended), float(seconds)))

    def since(self, moment: float) -> list[float]:
        """The seconds that each exchange took that ended after `moment`, on the monotonic clock."""
        assert self._process.poll() is None, "the honest pair has been cut off"
        return [seconds for ended, seconds in list(self._exchanges) if ended > moment]

    def next(self, count: int) -> list[float]:
        """The seconds that each of the next exchanges takes."""
        began = time.monotonic()
        wait_for(lambda: len(self.since(began)) >= count, f"{count} exchanges", timeout=60)
        return self.since(began)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._reader.join()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


def meet(url: str) -> tuple[RawSocket, RawSocket]:
    """Two who have been introduced to each other."""
    one, other = RawSocket(url), RawSocket(url)
    for partner in (one, other):
        partner.start()
    for partner in (one, other):
        partner.expect("matched")
    return one, other


def tell(speaker: RawSocket, listener: RawSocket, text: str) -> None:
    """One message: acknowledged to the one, heard by the other."""
    answer = speaker.ask("send_message", {"session_id": speaker.session_id, "message": text})
    assert answer["ok"], answer
    assert listener.expect("new_message")["message"]["text"] == text


def chat(url: str) -> None:
    """Exchange messages for ever; an exchange is one message each way."""
    one, other = meet(url)
    number = 0
    while True:
        number += 1
        began = time.monotonic()
        tell(one, other, f"How are you, for the {number}th time?")
        tell(other, one, f"Fine, for the {number}th time.")
        ended = time.monotonic()
        sys.stdout.write(f"{ended} {ended - began}\n")
        sys.stdout.flush()
        time.sleep(PAUSE)  # between two exchanges


if __name__ == "__main__":
    chat(sys.argv[1])
