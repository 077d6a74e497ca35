"""The only exit: carries events from the switchboard to whoever listens in this process."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from rendezvous.ice import IceServers
from rendezvous.observe import Observer
from rendezvous.protocol.events import members as encode
from rendezvous.protocol.events import payload
from rendezvous.safety.visitor import Caller
from rendezvous.switchboard.inbox import Event
from rendezvous.switchboard.results import Delivery, Effects

CALLING = {"matched", "upgraded"}  # which say what to make a call with
MOST_FORMER = 16
VIDEO = b'"chat_type":"video"'  # what the members of both begin with if there may be one


class Socket(Protocol):
    """A Socket.IO connection; `state` is its Seat."""

    sid: str
    state: Any

    def push(self, data: bytes) -> None:
        """Send one packet, or drop it if the peer is gone; never waits."""
        ...

    def ask(self) -> None:
        """Have the peer show that it is alive, which the door is told of; never waits."""
        ...

    def close_now(self, reason: str) -> None:
        """Close, behind what was pushed; never waits."""
        ...


class Seat(set[str]):
    """The sessions that a socket is the way out of, and who has opened it.

    Of `former` ones it still hears whether the stranger would meet again. `asked` are those that
    somebody waits for, until the socket shows that it is alive.
    """

    __slots__ = ("asked", "caller", "former")

    def __init__(self, caller: Caller) -> None:
        super().__init__()
        self.caller = caller
        self.former: dict[str, None] = {}
        self.asked: frozenset[str] = frozenset()


class Courier:
    """Knows the sockets and the long polls of this process, by session."""

    def __init__(self, observer: Observer, ice: IceServers) -> None:
        self._ice = ice
        self._sockets: dict[str, Socket] = {}
        self._lingering: dict[str, Socket] = {}
        self._polls: dict[str, threading.Event] = {}
        self.listeners: list[Callable[[Effects], None]] = [observer.happened]
        """Who hears of matches, upgrades and ends."""

    def deliver(self, effects: Effects) -> None:
        """Let every delivery arrive, log and count the rest."""
        for delivery in effects.deliveries:
            self.arrive(delivery)
        if effects.matches or effects.upgrades or effects.endings:
            self._happened(effects)
        if effects.asks:
            self.ask(effects.asks)

    def arrive(self, delivery: Delivery) -> None:
        """Push an event to its socket, and wake a long poll."""
        session_id = delivery.session_id
        socket = self._sockets.get(session_id) or self._late(delivery)
        if socket is not None:
            self.push(socket, delivery)
        poll = self._polls.get(session_id)
        if poll is not None and delivery.event.seq:
            poll.set()

    def _happened(self, effects: Effects) -> None:
        for heard in self.listeners:
            heard(effects)
        for ending in effects.endings:
            for session_id in ending.sessions:
                self._end(session_id)

    def _end(self, session_id: str) -> None:
        """Nothing follows what has been delivered."""
        self.detach(session_id)

    def ask(self, session_ids: Iterable[str]) -> None:
        """Have the sockets of these sessions, as far as they are here, show that they are alive."""
        for session_id in session_ids:
            socket = self._sockets.get(session_id)
            if socket is not None:
                socket.state.asked |= {session_id}
                socket.ask()

    def attach(self, session_id: str, socket: Socket, last_seq: int = 0) -> None:
        """Make `socket` the way out of a session, up to `last_seq` of which it is told otherwise.

        One that it replaces is told and let go.
        """
        former = self._sockets.get(session_id)
        if former is not None and former is not socket:
            former.state.discard(session_id)
            self.push(former, Delivery(session_id, Event(0, "session_taken_over", b"")))
        self._sockets[session_id] = socket
        socket.state.add(session_id)

    def detach(self, session_id: str) -> None:
        """The session has no socket here any more."""
        socket = self._sockets.pop(session_id, None)
        if socket is not None:
            socket.state.discard(session_id)

    def may_wait(self, session_id: str) -> bool:
        """Whether the session has its socket here, which has not been told of a stranger yet."""
        return session_id in self._sockets

    def linger(self, session_id: str, socket: Socket) -> None:
        """Let `socket` hear of the session's `meet_again` also when the chat is over."""
        former = socket.state.former
        former[session_id] = None
        self._lingering[session_id] = socket
        if len(former) > MOST_FORMER:
            self._go_from(next(iter(former)), socket)

    def forget(self, socket: Socket) -> None:
        """It has closed, and hears nothing of former sessions either."""
        for session_id in list(socket.state.former):
            self._go_from(session_id, socket)

    def _go_from(self, session_id: str, socket: Socket) -> None:
        del socket.state.former[session_id]
        if self._lingering.get(session_id) is socket:
            del self._lingering[session_id]

    def _late(self, delivery: Delivery) -> Socket | None:
        """Who lingers for what comes after the end."""
        if delivery.event.name != "meet_again":
            return None
        return self._lingering.get(delivery.session_id)

    @contextmanager
    def polling(self, session_id: str) -> Iterator[threading.Event]:
        """A flag raised when something arrives; a newer poll of the session ends an older."""
        flag = threading.Event()
        former = self._polls.get(session_id)
        if former is not None:
            former.set()
        self._polls[session_id] = flag
        try:
            yield flag
        finally:
            if self._polls.get(session_id) is flag:
                del self._polls[session_id]

    def end_poll(self, session_id: str) -> None:
        """Let the poll of a session, if there is one, go back to its client with what there is."""
        flag = self._polls.get(session_id)
        if flag is not None:
            flag.set()

    def end_polls(self) -> None:
        """Let every poll go back to its client with what there is."""
        for flag in self._polls.values():
            flag.set()

    def data(self, delivery: Delivery, *, live: bool) -> bytes:
        """The JSON object of an event, as its recipient gets it; `live` unless the chat is over."""
        event = delivery.event
        members = event.members
        if event.name in CALLING:
            # Made when handed out and never stored: credentials are short-lived.
            calls = live and members.startswith(VIDEO)
            members += b"," + encode(
                ice_servers=self._ice.of(delivery.session_id, calls=calls),
                ice_transport_policy=self._ice.policy,
            )
        return payload(delivery.session_id, event.seq, members)

    def push(self, socket: Socket, delivery: Delivery) -> None:
        """Send a Socket.IO EVENT packet (protocol revision 5)."""
        # A session that is over has no socket, only one that asks what has happened to it.
        data = self.data(delivery, live=delivery.session_id in self._sockets)
        socket.push(b'2["%b",%b]' % (delivery.event.name.encode(), data))
