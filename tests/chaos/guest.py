"""A client as a good library makes it: it comes back, asks again, and notes what it is told."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from itertools import count
from random import Random

from tests.chaos.line import Json, Line, Lost

ANSWER_TIMEOUT = 8.0  # s, as the web client has it
FIRST_WAIT, LONGEST_WAIT = 0.1, 1.0  # s; between two tries
MAY_PASS = {"unavailable", "inbox_full"}
LATE = {"session_ended", "session_not_found"}


class Over(Exception):
    """The chat has ended: what is still to be said has nobody to go to."""


class Guest:
    """One participant, on one of several servers at a time.

    `heard` counts the partner's messages, which carry numbers; `acknowledged` counts our own.
    `wrong` is what must never happen, in words.
    """

    def __init__(self, name: str, ports: Sequence[int], random: Random) -> None:
        self.name = name
        self.status = "new"  # then waiting, matched, over
        self.session_id = ""
        self.seen = 0
        self._last_heard = ""
        self.partner = ""
        self.heard = self.acknowledged = 0
        self.gap = self._may_skip = False
        self.wrong: list[str] = []
        self.events: Counter[str] = Counter()
        self.refusals: Counter[str] = Counter()
        self.absences: list[tuple[float, float]] = []  # until when, and how long
        self.answer_times: list[tuple[float, float]] = []  # when asked, and how long it took
        self.last_acknowledged = 0.0
        self.end_reason = ""
        self.ended_at = 0.0
        self.partner_away = False
        self.joined = asyncio.Event()
        self._ports = ports
        self._random = random
        self._turn = random.randrange(len(ports))
        self._line: Line | None = None
        self._lost_at = 0.0
        self._numbers = count()
        self._unclaimed: list[tuple[str, Json]] = []
        self._changed = asyncio.Event()
        self._life: asyncio.Task[None] | None = None

    def __repr__(self) -> str:
        return f"<{self.name} {self.status} {self.session_id[:6]} seen {self.seen}>"

    # What it does

    def begin(self) -> None:
        """Connect and look for somebody, and keep a line as long as it takes."""
        self._life = asyncio.create_task(self._live(), name=self.name)

    async def say(self) -> None:
        """Send the next message until it is acknowledged; raises Over."""
        number = next(self._numbers)
        message = {
            "session_id": self.session_id,
            "message": f"{self.name} {number}",
            "client_id": str(number),
        }
        answer = await self._ask_until_answered("send_message", message)
        if not answer["ok"]:
            raise Over(answer["code"])
        self.acknowledged += 1
        self.last_acknowledged = time.monotonic()

    async def leave(self) -> None:
        """Leave, and end the line."""
        if self.session_id and self.status != "over":
            await self._ask_until_answered("leave_session", {"session_id": self.session_id})
            self._over("left by ourselves")
        self.vanish()

    def vanish(self) -> None:
        """Be gone, without a word, for good."""
        if self._life is not None:
            self._life.cancel()
        self._over("vanished")
        self._drop_line()

    def drop(self) -> None:
        """Lose the line, and come back by oneself."""
        self._drop_line()

    @property
    def port(self) -> int:
        """The server it is, or was last, connected to."""
        return self._ports[self._turn % len(self._ports)]

    @property
    def lives(self) -> bool:
        """Whether its session is not over."""
        return self.status in ("waiting", "matched")

    # Keeping the line

    async def _live(self) -> None:
        wait = FIRST_WAIT
        while self.status != "over":
            try:
                self._line = await Line.open(self.port, self)
                await self._arrive()
                wait = FIRST_WAIT
                await self._until_lost()
            except (Lost, TimeoutError):
                self._drop_line()
            self._turn += 1
            await asyncio.sleep(wait * self._random.uniform(0.5, 1.5))
            wait = min(2 * wait, LONGEST_WAIT)

    async def _arrive(self) -> None:
        """Start, or join what there is; raises Lost if neither can be had here."""
        assert self._line is not None
        if not self.session_id:
            self._unclaimed.clear()
            asked = {"chat_type": "text"}
            answer = await self._timed("start", asked, self._started)
        else:
            asked = {"session_id": self.session_id, "after": self.seen}  # type: ignore[dict-item]
            answer = await self._timed("join_session", asked, self._rejoined)
        if not answer["ok"]:
            raise Lost(answer["code"])

    def _started(self, answer: Json) -> None:
        if answer["ok"]:
            self.session_id, self.status = answer["session_id"], "waiting"
            for name, data in self._unclaimed:
                self.on_event(name, data)
            self._be_here()

    def _rejoined(self, answer: Json) -> None:
        if not answer["ok"]:
            if answer["code"] == "session_not_found":
                self._over("session_not_found")
            return
        if answer["gap"]:
            self.gap = self._may_skip = True
        elif answer["last_seq"] < self.seen:
            self.wrong.append(f"{self} was at {self.seen}, the server says {answer['last_seq']}")
        if answer["status"] == "ended" and (self.gap or answer["last_seq"] <= self.seen):
            self._over("ended without a word")
        self._be_here()

    def _be_here(self) -> None:
        self.joined.set()
        self._changed.set()
        if self._lost_at:
            now = time.monotonic()
            self.absences.append((now, now - self._lost_at))
            self._lost_at = 0.0

    async def _until_lost(self) -> None:
        while self.joined.is_set() and self.status != "over":
            self._changed.clear()
            await self._changed.wait()

    def _drop_line(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.abort()

    # Asking

    async def _ask_until_answered(self, event: str, data: Json) -> Json:
        """An answer that will not change; in time there is one, or a test has found something."""
        wait = FIRST_WAIT
        while self.status != "over":
            await self._here()
            try:
                answer = await self._timed(event, data)
            except (Lost, TimeoutError):
                answer = {"ok": False, "code": "unavailable"}
            if answer["ok"] or answer["code"] in LATE:
                return answer
            if answer["code"] not in MAY_PASS:
                self.wrong.append(f"{self} was refused {event} with {answer['code']}")
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)
        raise Over(self.end_reason)

    async def _here(self) -> None:
        while not self.joined.is_set() and self.status != "over":
            self._changed.clear()
            await self._changed.wait()

    async def _timed(self, event: str, data: Json, then: object = None) -> Json:
        if self._line is None:
            raise Lost("no line")
        began = time.monotonic()
        callback = then if callable(then) else lambda _answer: None
        answer = await self._line.ask(event, data, ANSWER_TIMEOUT, callback)
        self.answer_times.append((began, time.monotonic() - began))
        if not answer["ok"]:
            self.refusals[answer["code"]] += 1
        return answer

    # What it hears

    def on_lost(self) -> None:
        """The line has ended."""
        self._line = None
        if self.joined.is_set():
            self.joined.clear()
            self._lost_at = time.monotonic()
        self._changed.set()

    def on_event(self, name: str, data: Json) -> None:
        """Take what is next, once; a hole is a reason to ask again."""
        self.events[name] += 1
        if not self.session_id:
            self._unclaimed.append((name, data))
            return
        if data["session_id"] != self.session_id:
            self.wrong.append(f"{self} hears {name} of another session")
            return
        seq = data.get("seq")
        if seq is None:
            return
        if seq <= self.seen:
            self.events["repeated"] += 1
        elif seq > self.seen + 1 and not self._may_skip:
            self.events["hole"] += 1
            self._drop_line()
        else:
            self.seen, self._may_skip = seq, False
            self._take(name, data)

    def _take(self, name: str, data: Json) -> None:
        if name == "matched":
            if self.status != "waiting":
                self.wrong.append(f"{self} is matched a second time")
            self.status = "matched"
        elif name == "new_message":
            self._hear(data["message"])
        elif name in ("partner_reconnecting", "partner_reconnected"):
            self.partner_away = name == "partner_reconnecting"
        elif name in ("partner_disconnected", "session_ended"):
            self._over(data["reason"])
        self._changed.set()

    def _hear(self, message: Json) -> None:
        if self.gap and message["id"] == self._last_heard:
            self.events["heard before"] += 1  # its sender did not learn that it had come
            return
        self._last_heard = message["id"]
        self._hear_text(message["text"])

    def _hear_text(self, text: str) -> None:
        name, number = text.split()
        if name == self.name or self.partner not in ("", name):
            self.wrong.append(f"{self} has {self.partner or 'nobody'}, and hears {name}")
        self.partner = name
        if self.gap:
            self.heard = max(self.heard, int(number))  # what is missing has been reported
        if int(number) != self.heard:
            self.wrong.append(f"{self} hears {text}, and had heard {self.heard} messages")
        self.heard = int(number) + 1

    def _over(self, reason: str) -> None:
        if self.status != "over":
            self.status, self.end_reason = "over", reason
            self.ended_at = time.monotonic()
        self._changed.set()
