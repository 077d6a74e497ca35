"""What the server saw of each chat, kept in memory while one may report it, and for nothing else.

Nothing here is written down anywhere; a report takes a copy with it.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Protocol

import msgspec
from msgspec import Struct

from rendezvous.refusals import Refused
from rendezvous.safety.visitor import Caller
from rendezvous.switchboard.results import Effects, Ending, Match

LINE = msgspec.json.Decoder(dict[str, dict[str, Any]])


class Bounds(Struct, frozen=True):
    """How much is kept: messages and bytes of a chat, bytes of all, and seconds after the end."""

    messages: int = 50
    chat_bytes: int = 131_072
    all_bytes: int = 67_108_864
    after: float = 600


class Statement(Struct, frozen=True):
    """One chat as a report takes it along; `who` sees the other as "stranger".

    There is an `asker` if the two discussed a question, which is the first of the lines.
    """

    chat_type: str
    who: Caller
    stranger: Caller
    stranger_session: str
    over: bool
    lines: list[dict[str, Any]]
    asker: Caller | None = None


class Evidence(Protocol):
    """Where the last messages of each chat are. `said` is called for every message: it is quick."""

    def began(self, session_id: str, caller: Caller) -> None:
        """A session has been started by `caller`."""
        ...

    def said(self, session_id: str, members: bytes) -> None:
        """A session has sent a message, encoded as `members` of its event."""
        ...

    def happened(self, effects: Effects) -> None:
        """Chats have begun and ended."""
        ...

    def of(self, session_id: str) -> Statement:
        """What there is to say about a session's chat.

        Raises Refused: "session_not_found", "not_matched", "watching" for who only watches it,
        "session_ended" when it is too late.
        """
        ...

    def expire(self) -> None:
        """Forget the chats about which nobody may report any more."""
        ...


class _Chat:
    """Two sessions and their last lines, each with the session that said it."""

    __slots__ = ("asked", "asker", "chat_type", "lines", "over", "sessions", "size")

    def __init__(self, match: Match) -> None:
        self.sessions = match.sessions
        self.chat_type: str = match.chat_type
        self.lines: deque[tuple[str, bytes]] = deque()
        self.size = 0
        self.over: float | None = None
        self.asker: Caller | None = None
        self.asked: list[dict[str, Any]] = []


class MemoryEvidence:
    """The evidence of one process. `clock` is monotonic, in seconds."""

    def __init__(self, bounds: Bounds, clock: Callable[[], float] = time.monotonic) -> None:
        self._bounds = bounds
        self._clock = clock
        self._people: dict[str, Caller] = {}
        self._watchers: set[str] = set()
        self._chats: dict[str, _Chat] = {}
        self._over: deque[_Chat] = deque()
        self._size = 0

    def began(self, session_id: str, caller: Caller) -> None:
        self._people[session_id] = caller

    def said(self, session_id: str, members: bytes) -> None:
        chat = self._chats.get(session_id)
        if chat is None:
            return
        # Every message pays for what is done here.
        lines, size = chat.lines, len(members)
        if len(lines) == self._bounds.messages:
            size -= len(lines.popleft()[1])
        lines.append((session_id, members))
        chat.size += size
        self._size += size
        if chat.size > self._bounds.chat_bytes or self._size > self._bounds.all_bytes:
            self._make_room(chat)

    def happened(self, effects: Effects) -> None:
        for match in effects.matches:
            self._began(match)
        for upgrade in effects.upgrades:
            if (upgraded := self._chats.get(upgrade.sessions[0])) is not None:
                upgraded.chat_type = "video"
        for ending in effects.endings:
            self._ended(ending)

    def _began(self, match: Match) -> None:
        chat = _Chat(match)
        for session_id in match.sessions:
            self._chats[session_id] = chat
        if match.asker:
            chat.asker = self._people.get(match.asker, Caller())
            chat.asked = [asked(match.question)]
            self._watchers.add(match.asker)

    def _ended(self, ending: Ending) -> None:
        session_id = ending.sessions[0]
        self._watchers.discard(session_id)
        chat = self._chats.get(session_id)
        if chat is None:
            self._people.pop(session_id, None)
        elif chat.over is None:
            chat.over = self._clock()
            self._over.append(chat)

    def of(self, session_id: str) -> Statement:
        chat = self._chats.get(session_id)
        if session_id in self._watchers:
            raise Refused("watching")
        if chat is None:
            raise Refused("not_matched" if session_id in self._people else "session_not_found")
        if chat.over is not None and self._clock() - chat.over > self._bounds.after:
            raise Refused("session_ended", "This chat was over too long ago.")
        stranger = chat.sessions[session_id == chat.sessions[0]]
        return Statement(
            chat.chat_type,
            self._people.get(session_id, Caller()),
            self._people.get(stranger, Caller()),
            stranger,
            chat.over is not None,
            chat.asked + [line(members, own=by == session_id) for by, members in chat.lines],
            chat.asker,
        )

    def expire(self) -> None:
        until = self._clock() - self._bounds.after
        while self._over and (self._over[0].over or 0) < until:
            self._forget(self._over.popleft())

    def __len__(self) -> int:
        return len(self._chats) // 2

    def _make_room(self, chat: _Chat) -> None:
        """What is over goes first, then the chat's own older lines: a flood costs its own chat."""
        bounds = self._bounds
        while chat.size > bounds.chat_bytes and chat.lines:
            self._forget_line(chat)
        while self._size > bounds.all_bytes and self._over:
            self._forget(self._over.popleft())
        while self._size > bounds.all_bytes and chat.lines:
            self._forget_line(chat)

    def _forget_line(self, chat: _Chat) -> None:
        size = len(chat.lines.popleft()[1])
        chat.size -= size
        self._size -= size

    def _forget(self, chat: _Chat) -> None:
        self._size -= chat.size
        for session_id in chat.sessions:
            self._chats.pop(session_id, None)
            self._people.pop(session_id, None)


def line(members: bytes, *, own: bool) -> dict[str, Any]:
    """A message as evidence has it, from the members of its event."""
    message = LINE.decode(b"{%b}" % members)["message"]
    by = "reporter" if own else "stranger"
    return {"from": by, "text": message["text"], "at": message["timestamp"]}


def asked(question: str) -> dict[str, Any]:
    """A question as evidence has it, from when it is put to the two."""
    return {"from": "asker", "text": question, "at": datetime.now(UTC).isoformat()}
