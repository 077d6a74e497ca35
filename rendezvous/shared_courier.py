"""The only exit where several processes share a switchboard: events may come by more than one way.

What this process itself has brought about comes with its verbs' effects, the rest by pub/sub, so
one may overtake the other, and some may get lost. The inbox is the truth: what continues the last
number is pushed, what is older has been, and behind a hole the socket gets what the inbox has.
"""

from __future__ import annotations

import _thread
from collections import OrderedDict
from collections.abc import Callable

from rendezvous.courier import Courier, Socket
from rendezvous.ice import IceServers
from rendezvous.logs import log
from rendezvous.observe import Observer
from rendezvous.refusals import Refused
from rendezvous.switchboard.inbox import Event
from rendezvous.switchboard.results import Delivery, Look
from rendezvous.switchboard.verbs import Reason

ENDS = {"partner_disconnected", "session_ended", ""}
SIGNS = {"session_taken_over", ""}  # without a number, and not to be missed
ASK = "ask"  # without a number, and asked again if it is missed
UNKNOWN = 2**63  # above every number
MOST_EARLY = 10_000
MOST_LOOKERS = 8

LookUp = Callable[[str, int, str], Look]


class SharedCourier(Courier):
    """`look_up(session_id, after, sid)` is the switchboard's; this courier is its exit."""

    def __init__(self, observer: Observer, ice: IceServers, look_up: LookUp) -> None:
        super().__init__(observer, ice)
        self._observer = observer
        self._look_up = look_up
        self._pushed: dict[str, int] = {}
        # Ordered, because a plain dictionary takes longer and longer to find its oldest.
        self._early: OrderedDict[str, int] = OrderedDict()
        self._behind: OrderedDict[str, None] = OrderedDict()  # as they are to be looked at
        self._lookers = 0

    def arrive(self, delivery: Delivery) -> None:
        """Push an event if it is the next one, and wake a long poll."""
        session_id, seq = delivery.session_id, delivery.event.seq
        poll = self._polls.get(session_id)
        if poll is not None and seq:
            poll.set()
        socket = self._sockets.get(session_id)
        if socket is None and (late := self._late(delivery)) is not None:
            self.push(late, delivery)
        elif socket is None:
            self._note_early(delivery)
        elif not seq:
            self._pass_on(socket, delivery)
        elif seq == self._pushed[session_id] + 1:
            self._push_next(socket, delivery)
        elif seq > self._pushed[session_id]:
            self._look(session_id)

    def _note_early(self, delivery: Delivery) -> None:
        """It may be for a socket that is about to be attached: its `join` has been done already."""
        session_id, event = delivery.session_id, delivery.event
        if event.seq or event.name in SIGNS:
            self._early.pop(session_id, None)  # so that it is the latest again
            self._early[session_id] = event.seq or UNKNOWN
            if len(self._early) > MOST_EARLY:
                self._early.popitem(last=False)

    def _push_next(self, socket: Socket, delivery: Delivery) -> None:
        session_id, event = delivery.session_id, delivery.event
        self._pushed[session_id] = event.seq
        self.push(socket, delivery)
        if event.name in ENDS:
            self.detach(session_id)

    def _pass_on(self, socket: Socket, delivery: Delivery) -> None:
        """What has no number."""
        session_id, event = delivery.session_id, delivery.event
        if event.name in ENDS:
            self.detach(session_id)
        elif event.name == ASK:
            self.ask((session_id,))
        elif event.name != "session_taken_over":
            self.push(socket, delivery)
        elif event.members == socket.sid.encode():  # or it has come back here meanwhile
            self._let_another_have(session_id, socket)

    def _let_another_have(self, session_id: str, socket: Socket) -> None:
        self.detach(session_id)
        self.push(socket, Delivery(session_id, Event(0, "session_taken_over", b"")))

    def attach(self, session_id: str, socket: Socket, last_seq: int = 0) -> None:
        reached = max(self._early.pop(session_id, 0), self._pushed.get(session_id, 0))
        super().attach(session_id, socket, last_seq)
        self._pushed[session_id] = last_seq
        if reached > last_seq:
            self._look(session_id)

    def may_wait(self, session_id: str) -> bool:
        return self._pushed.get(session_id) == 0  # because to be introduced is the first event

    def detach(self, session_id: str) -> None:
        super().detach(session_id)
        self._pushed.pop(session_id, None)

    def _end(self, session_id: str) -> None:
        if session_id not in self._behind:  # or it is yet to be told of what comes before the end
            super()._end(session_id)

    # Catching up

    def look_again(self, prefix: str) -> None:
        """Some arrivals may have been missed."""
        for session_id, poll in list(self._polls.items()):
            if session_id.startswith(prefix):
                poll.set()
        for session_id in list(self._sockets):
            if session_id.startswith(prefix):
                self._look(session_id)

    def _look(self, session_id: str) -> None:
        """Have the inbox looked into, by one of a few threads, because it takes a round trip."""
        self._behind[session_id] = None
        if self._lookers < MOST_LOOKERS:
            self._lookers += 1
            # Thread.start would let others run, and what they push go before an acknowledgement.
            _thread.start_new_thread(self._catch_up, ())

    def _catch_up(self) -> None:
        try:
            while self._behind:
                session_id, _ = self._behind.popitem(last=False)
                self._catch_up_with(session_id)
        except Refused:
            pass  # Redis is away; when it is back, everything is looked at
        except Exception:  # noqa: BLE001 - our bug: loud in the log, and the next look must come
            log.exception("a look into an inbox failed")
        finally:
            self._lookers -= 1

    def _catch_up_with(self, session_id: str) -> None:
        socket = self._sockets.get(session_id)
        if socket is None:
            return
        look = self._look_up(session_id, self._pushed[session_id], socket.sid)
        if self._sockets.get(session_id) is not socket:
            return
        for event in look.events:
            if event.seq > self._pushed[session_id]:
                self._pushed[session_id] = event.seq
                self.push(socket, Delivery(session_id, event))
        if look.stands == "taken":
            self._let_another_have(session_id, socket)
        elif look.stands != "held":
            self.detach(session_id)

    def let_go(self, prefix: str, why: Reason) -> None:
        """Close sockets of whose sessions this process is not in charge any more."""
        self._observer.let_go(why)
        for session_id, poll in list(self._polls.items()):
            if session_id.startswith(prefix):
                poll.set()
        for session_id, socket in list(self._sockets.items()):
            if session_id.startswith(prefix):
                self.detach(session_id)
                socket.close_now("let go")
