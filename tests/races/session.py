"""What a client knows of one session, and what it may hear of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tests.harness.crowd import Json

Status = Literal["starting", "waiting", "matched", "over"]
Role = Literal["chats", "asks", "discusses"]


@dataclass(eq=False)
class Session:
    """One session as its client sees it. `label` is what the client calls itself in messages."""

    label: str
    chat_type: str
    role: Role = "chats"
    id: str = ""
    status: Status = "starting"
    seen: int = 0
    partners: dict[int, str] = field(default_factory=dict)  # by number for who asks, or else by 0
    away: set[int] = field(default_factory=set)
    roll_calls: set[tuple[str, int]] = field(default_factory=set)
    heard: set[str] = field(default_factory=set)
    silent: bool = False  # the server has confirmed that we are gone: nothing may come any more

    @property
    def talks(self) -> bool:
        """Whether there is somebody to talk to."""
        return self.status == "matched" and self.role != "asks"

    @property
    def numbers(self) -> set[int]:
        """By which it knows those whom it hears."""
        return {1, 2} if self.role == "asks" else {0}

    def heard_all(self, roll_call: str) -> bool:
        """Whether everybody has been heard who should be."""
        return {(roll_call, number) for number in self.numbers} <= self.roll_calls

    def hear(self, name: str, data: Json) -> None:
        """Take note of an event; raises AssertionError if it cannot be."""
        assert not self.silent, f"{self.label} has left, and hears {name}"
        assert self.status != "over", f"{self.label} is over, and hears {name}"
        if "seq" in data:
            assert data["seq"] == self.seen + 1, (self, name, data)
            self.seen += 1
        self.heard.add(name)
        getattr(self, f"_{name}")(data)

    def _waiting(self, _data: Json) -> None:
        assert self.status == "waiting"

    def _matched(self, data: Json) -> None:
        assert self.seen == 1, f"{self.label} was matched twice or late: {data}"
        assert data["chat_type"] == self.chat_type, (self, data)
        assert ("question" in data) == (self.role == "discusses"), (self, data)
        assert self.role != "asks", (self, data)
        self.status = "matched"

    def _discussion_started(self, _data: Json) -> None:
        assert self.seen == 1, f"{self.label} watches others already"
        assert self.role == "asks", self
        self.status = "matched"

    def _unwatched(self, _data: Json) -> None:
        assert self.talks, self
        assert self.role == "discusses", self

    def _upgrade_requested(self, _data: Json) -> None:
        assert self.talks, self

    def _upgrade_declined(self, _data: Json) -> None:
        assert self.talks, self

    def _upgraded(self, _data: Json) -> None:
        assert self.talks, self
        assert self.chat_type == "text", f"{self.label} was a video chat already"
        self.chat_type = "video"

    def _new_message(self, data: Json) -> None:
        assert self.status == "matched", self
        what, label = data["message"]["text"].split()
        assert label != self.label, f"{label} was matched with itself"
        number = self._number(data)
        assert self.partners.setdefault(number, label) == label, (self, label)
        assert len(set(self.partners.values())) == len(self.partners), (self, label)
        if what != "hello":
            self.roll_calls.add((what, number))

    def _partner_reconnecting(self, data: Json) -> None:
        assert self.status == "matched", self
        assert self._number(data) not in self.away, self
        self.away.add(self._number(data))

    def _partner_reconnected(self, data: Json) -> None:
        assert self._number(data) in self.away, self
        self.away.remove(self._number(data))

    def _partner_disconnected(self, _data: Json) -> None:
        assert self.status == "matched", self
        self.status = "over"

    def _session_ended(self, _data: Json) -> None:
        self.status = "over"

    def _number(self, data: Json) -> int:
        """Whom of those whom it hears an event is about."""
        number = int(data.get("stranger", 0))
        assert number in self.numbers, (self, data)
        return number
