"""The numbered inbox: everything that happens to a participant, from 1 without holes."""

from __future__ import annotations

from msgspec import Struct

from rendezvous.refusals import Refused


class Event(Struct, frozen=True, gc=False):
    """What a participant is told. `members` are those of its JSON object, encoded, without braces.

    An event with the number 0 is ephemeral: in no inbox, and sent without a number.
    """

    seq: int
    name: str
    members: bytes


class Inbox:
    """Keeps the last events of one participant, at most `max_events` and `max_bytes` of members."""

    __slots__ = ("_bytes", "_events", "last_seq")

    def __init__(self) -> None:
        self.last_seq = 0
        self._bytes = 0
        self._events: list[Event] = []

    def append(self, name: str, members: bytes) -> Event:
        """Give an event the next number and keep it."""
        self.last_seq += 1
        event = Event(self.last_seq, name, members)
        self._events.append(event)
        self._bytes += len(members)
        return event

    def make_room(self, size: int, max_events: int, max_bytes: int, *, forget: bool) -> None:
        """See that `size` more bytes fit, forgetting the oldest events if that is allowed.

        Raises Refused("inbox_full") where it is not: nobody has heard those events yet.
        """
        if len(self._events) < max_events and self._bytes + size <= max_bytes:
            return
        if not forget:
            raise Refused("inbox_full")
        while self._events and (len(self._events) >= max_events or self._bytes + size > max_bytes):
            self._bytes -= len(self._events.pop(0).members)

    def forget_until(self, seq: int) -> None:
        """Drop what the client says it has; a number from the future drops nothing."""
        if seq > self.last_seq:
            return
        while self._events and self._events[0].seq <= seq:
            self._bytes -= len(self._events.pop(0).members)

    def after(self, seq: int) -> tuple[list[Event], bool]:
        """The events numbered after `seq`, and whether some of them are no longer kept."""
        events = [event for event in self._events if event.seq > seq]
        first_kept = self.last_seq - len(self._events) + 1
        return events, seq + 1 < first_kept or seq > self.last_seq
