"""What a client knows of one session, and what it may hear of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tests.harness.crowd import Json

Status = Literal["starting", "waiting", "matched", "over"]


@dataclass(eq=False)
class Session:
    """One session as its client sees it. `label` is what the client calls itself in messages."""

    label: str
    chat_type: str
    id: str = ""
    status: Status = "starting"
    seen: int = 0
    partner: str = ""
    partner_away: bool = False
    roll_calls: set[str] = field(default_factory=set)
    silent: bool = False  # the server has confirmed that we are gone: nothing may come any more

    def hear(self, name: str, data: Json) -> None:
        """Take note of an event; raises AssertionError if it cannot be."""
        assert not self.silent, f"{self.label} has left, and hears {name}"
        assert self.status != "over", f"{self.label} is over, and hears {name}"
        if "seq" in data:
            assert data["seq"] == self.seen + 1, (self, name, data)
            self.seen += 1
        getattr(self, f"_{name}")(data)

    def _waiting(self, _data: Json) -> None:
        assert self.status == "waiting"

    def _matched(self, data: Json) -> None:
        assert self.seen == 1, f"{self.label} was matched twice or late: {data}"
        assert data["chat_type"] == self.chat_type, (self, data)
        self.status = "matched"

    def _new_message(self, data: Json) -> None:
        assert self.status == "matched", self
        what, label = data["message"]["text"].split()
        assert label != self.label, f"{label} was matched with itself"
        assert self.partner in ("", label), f"{self.label} has {self.partner} and {label}"
        self.partner = label
        if what != "hello":
            self.roll_calls.add(what)

    def _partner_reconnecting(self, _data: Json) -> None:
        assert self.status == "matched", self
        assert not self.partner_away, self
        self.partner_away = True

    def _partner_reconnected(self, _data: Json) -> None:
        assert self.partner_away, self
        self.partner_away = False

    def _partner_disconnected(self, _data: Json) -> None:
        assert self.status == "matched", self
        self.status = "over"

    def _session_ended(self, _data: Json) -> None:
        self.status = "over"
