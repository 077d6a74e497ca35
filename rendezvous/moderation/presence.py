"""Who is here, in this process: sockets and sessions by callers; and how they are shown out."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Container, Iterator, Sequence
from typing import TypeVar

import msgspec

from rendezvous.courier import Courier, Socket
from rendezvous.logs import log, short
from rendezvous.moderation.roster import Roster, Sentence
from rendezvous.protocol.events import Warned
from rendezvous.protocol.fields import ReportReason
from rendezvous.protocol.replies import BanNotice
from rendezvous.refusals import Refused
from rendezvous.safety.visitor import Caller
from rendezvous.sessions import SessionManager
from rendezvous.switchboard.results import Effects

LAST_WORDS = 0.1  # s; time for the reason to leave the sockets' buffers
MOST_SESSIONS = 100_000  # of clients that call, remembered here
AT_ONCE = 500  # looked at before others get their turn

T = TypeVar("T")


class Presence:
    """Keeps who is here, and ends what they do here."""

    def __init__(self, sessions: SessionManager, courier: Courier) -> None:
        self._manager = sessions
        self._courier = courier
        self._sockets: set[Socket] = set()
        # Ordered, because a plain dictionary takes longer and longer to find its oldest.
        self._rest: OrderedDict[str, Caller] = OrderedDict()

    def opened(self, socket: Socket) -> None:
        """Somebody has connected."""
        self._sockets.add(socket)

    def closed(self, socket: Socket) -> None:
        """They have gone."""
        self._sockets.discard(socket)

    def began(self, session_id: str, caller: Caller) -> None:
        """Somebody has started a session here, over REST; the others are known by their sockets."""
        self._rest[session_id] = caller
        if len(self._rest) > MOST_SESSIONS:  # where another process has heard of their ends
            self._rest.popitem(last=False)

    def happened(self, effects: Effects) -> None:
        """Sessions have ended."""
        for ending in effects.endings:
            for session_id in ending.sessions:
                self._rest.pop(session_id, None)

    def turn_out(self, roster: Roster) -> int:
        """Tell everybody who is on `roster` why, end what they do and close; how many sockets."""
        banned = list(self._told(roster))
        for session_id, caller in _in_turns(list(self._rest.items())):
            if roster.find(caller.visitor, caller.address):
                self._leave(session_id)
        if banned:
            time.sleep(LAST_WORDS)  # lets others run: the server has patched it
        for socket in banned:
            socket.close_now("banned")
        return len(banned)

    def sockets_of(self, visitors: Container[str]) -> dict[str, list[Socket]]:
        """The sockets that some visitors have open here, by visitor."""
        found: dict[str, list[Socket]] = {}
        for socket in self._sockets:
            seat = socket.state
            if seat is not None and seat.caller.visitor in visitors:
                found.setdefault(seat.caller.visitor, []).append(socket)
        return found

    def visitor_of(self, session_id: str, caller: Caller) -> str:
        """Who calls: by their cookie or, without one, by the session that was started here."""
        known = self._rest.get(session_id) if caller.is_new else None
        return (known or caller).visitor

    def end_polls_of(self, visitors: Container[str]) -> None:
        """Let what these visitors wait for over REST come back, because there is news for them."""
        for session_id, caller in self._rest.items():
            if caller.visitor in visitors:
                self._courier.end_poll(session_id)

    def _told(self, roster: Roster) -> Iterator[Socket]:
        for socket in _in_turns(list(self._sockets)):
            if socket.state is None:
                continue
            caller = socket.state.caller
            sentence = roster.find(caller.visitor, caller.address)
            if sentence:
                log.info("turned out", socket=short(socket.sid), ban=sentence.reference)
                data = msgspec.json.encode(notice(sentence))
                socket.push(b'2["banned",%b]' % data)
                for session_id in list(socket.state):
                    self._leave(session_id)
                yield socket

    def _leave(self, session_id: str) -> None:
        try:
            self._courier.deliver(self._manager.leave(session_id))
        except Refused:
            self._rest.pop(session_id, None)  # over already


def push_warning(socket: Socket, reason: ReportReason) -> None:
    """Say a warning to one socket."""
    data = msgspec.json.encode(Warned(reason))
    socket.push(b'2["warned",%b]' % data)


def notice(sentence: Sentence) -> BanNotice:
    """A ban as its subject is told of it."""
    fields = {
        "reference": sentence.reference,
        "reason": sentence.reason,
        "until": sentence.until.isoformat() if sentence.until else None,
        "appeal": sentence.appeal,
        "answer": sentence.answer,
    }
    return msgspec.convert(fields, BanNotice)


def _in_turns(items: Sequence[T]) -> Iterator[T]:
    """The items, with a pause for others now and then."""
    for number, item in enumerate(items, 1):
        yield item
        if number % AT_ONCE == 0:
            time.sleep(0)
