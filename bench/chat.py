"""The script of one chat, played by a client that knows nothing but what the server tells it."""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final

from bench import phrases, wire
from bench.driver import Connection, Driver


@dataclass
class Tally:
    """What the clients of one run have seen. Times are in seconds."""

    connected: int = 0
    introduced: int = 0
    chats: int = 0
    messages: int = 0
    finished: int = 0
    pings: int = 0
    match_times: array[float] = field(default_factory=lambda: array("d"))
    relay_times: array[float] = field(default_factory=lambda: array("d"))


@dataclass(frozen=True)
class Script:
    """How much is said: ICE candidates and messages each way; whether messages are answered."""

    candidates: int = 8
    messages: int = 10
    replies: bool = True
    leaves: bool = True


WHOLE_CHAT: Final = Script()
CHAT_WITHOUT_END: Final = Script(leaves=False)
ENDLESS_TALK: Final = Script(candidates=0, messages=1_000_000)
INTRODUCTION: Final = Script(candidates=0, messages=0, replies=False)


class Idler(Connection):
    """Connects, answers pings, and says nothing more."""

    __slots__ = ("leaving", "tally")

    def __init__(self, driver: Driver, tally: Tally) -> None:
        self.tally = tally
        self.leaving = False
        super().__init__(driver)

    def on_text(self, payload: bytes) -> None:
        kind = payload[:2]
        if kind == b"43":
            self.on_acknowledgement(payload)
        elif kind == b"42":
            self.on_event(payload)
        elif payload == b"2":
            self.tally.pings += 1
            self.send(wire.ENGINE_PONG)
        elif payload[:1] == b"0":
            self.send(wire.CONNECT)
        elif kind == b"40":
            self.on_connected()
        elif kind != b"41":
            self.wrong("unknown packet")

    def on_connected(self) -> None:
        self.tally.connected += 1

    def on_acknowledgement(self, payload: bytes) -> None:
        self.wrong("unexpected acknowledgement")

    def on_event(self, payload: bytes) -> None:
        self.wrong("unexpected event")

    def wrong(self, what: str) -> None:
        self.driver.errors[what] += 1

    def bye(self) -> None:
        """Close as socket.io-client does: leave the namespace, then a close frame."""
        self.leaving = True
        self.send(wire.DISCONNECT + wire.CLOSE_FRAME)

    def on_close_frame(self, payload: bytes) -> None:
        if not self.leaving:
            self.wrong(f"closed by the server with {int.from_bytes(payload[:2], 'big')}")

    def on_lost(self, reason: str) -> None:
        self.tally.finished += 1
        if not self.leaving:
            self.wrong(f"lost: {reason or 'closed by the server'}")


class Passer(Idler):
    """Connects and leaves at once."""

    __slots__ = ()

    def on_connected(self) -> None:
        super().on_connected()
        self.bye()


class Chatter(Idler):
    """Plays a script with whomever the server brings, as the initiator or as the other one."""

    __slots__ = (
        "_heard",
        "_initiator",
        "_said",
        "_script",
        "_session",
        "_signals_heard",
        "_unacknowledged",
        "matched_at",
        "said_at",
        "started_at",
        "stranger",
    )

    def __init__(self, driver: Driver, tally: Tally, script: Script) -> None:
        self._script = script
        self._session = b""
        self.started_at = self.matched_at = 0.0
        self._initiator = False
        self._said = self._heard = self._signals_heard = self._unacknowledged = 0
        self.said_at: deque[float] = deque()
        self.stranger: Chatter | None = None
        super().__init__(driver, tally)

    def on_connected(self) -> None:
        self.tally.connected += 1
        self.started_at = perf_counter()
        self._ask(phrases.START)

    def _ask(self, framed: bytes) -> None:
        self._unacknowledged += 1
        self.send(framed)

    def on_acknowledgement(self, payload: bytes) -> None:
        if b'"ok":true' not in payload:
            self.wrong("refused: " + payload[:100].decode(errors="replace"))
        self._unacknowledged -= 1
        if self.leaving and not self._unacknowledged:
            self.bye()

    def on_event(self, payload: bytes) -> None:
        name = payload[4 : payload.find(b'"', 4)]
        EVENTS.get(name, Chatter._on_unknown)(self, payload)

    def _on_unknown(self, payload: bytes) -> None:
        self.wrong("unknown event " + payload[4 : payload.find(b'"', 4)].decode(errors="replace"))

    def on_matched(self, payload: bytes) -> None:
        self.matched_at = perf_counter()
        self._session = wire.masked(phrases.session_id(payload))
        self._initiator = b'"is_initiator":true' in payload
        if self._initiator:
            self._introduce("offer")

    def _introduce(self, kind: str) -> None:
        self._ask(phrases.description(kind, self._session, self.descriptor))
        for piece in phrases.CANDIDATES[: self._script.candidates]:
            self._ask(piece.frame(self._session))

    def on_signal(self, payload: bytes) -> None:
        self._signals_heard += 1
        origin = phrases.origin(payload)
        if origin is not None and not self._initiator:
            self._meet(origin)
            self._introduce("answer")
        if self._initiator and self._signals_heard == 1 + self._script.candidates:
            self.tally.introduced += 1
            if self._script.replies:
                self.say()

    def _meet(self, descriptor: int) -> None:
        """Learn from the offer who it is, so that what passes between the two can be timed."""
        stranger = self.driver.connections.get(descriptor)
        if not isinstance(stranger, Chatter):
            self.wrong("an offer from nobody")
            return
        self.stranger, stranger.stranger = stranger, self
        both_there = max(self.started_at, stranger.started_at)
        self.tally.match_times.append(self.matched_at - both_there)
        self.tally.match_times.append(stranger.matched_at - both_there)

    def say(self) -> None:
        piece = phrases.message(self._said)
        self._said += 1
        self._unacknowledged += 1
        framed = piece.frame(self._session)
        self.said_at.append(perf_counter())
        self.send(framed)

    def on_message(self, payload: bytes) -> None:
        now = perf_counter()
        if self.stranger is None or not self.stranger.said_at:
            self.wrong("a message that nobody sent")
            return
        tally = self.tally
        tally.relay_times.append(now - self.stranger.said_at.popleft())
        tally.messages += 1
        self._heard += 1
        if not self._script.replies:
            return
        if not self._initiator or self._said < self._script.messages:
            self.say()
        elif self._script.leaves:
            self._leave()

    def _leave(self) -> None:
        self.leaving = True
        self._ask(phrases.leave(self._said).frame(self._session))

    def on_partner_disconnected(self, payload: bytes) -> None:
        if self._heard != self._script.messages:
            self.wrong("the stranger left too early")
        self.tally.chats += 1
        self.leaving = True
        if not self._unacknowledged:
            self.bye()


EVENTS: Final[dict[bytes, Callable[[Chatter, bytes], None]]] = {
    b"waiting": lambda _chatter, _payload: None,  # which does not say when it will be over
    b"matched": Chatter.on_matched,
    b"webrtc_signal": Chatter.on_signal,
    b"new_message": Chatter.on_message,
    b"partner_disconnected": Chatter.on_partner_disconnected,
}
