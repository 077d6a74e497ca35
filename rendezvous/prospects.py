"""What those who wait are told: their place, how long it may take, and whom they look for by now.

Nothing of it is done when somebody comes. A few times a second, those for whom it is time are
looked up together.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import islice
from typing import get_args

import msgspec

from rendezvous.courier import Courier
from rendezvous.logs import log
from rendezvous.matching.outlook import Outlook
from rendezvous.protocol.events import Prospect, members
from rendezvous.protocol.fields import ChatType, Level
from rendezvous.refusals import Refused
from rendezvous.switchboard import Switchboard
from rendezvous.switchboard.inbox import Event
from rendezvous.switchboard.results import Delivery, Effects, Standing
from rendezvous.switchboard.timers import Timed, Timers

TICK = 0.1  # s; how late somebody may hear that their wait has widened
MOST = 500  # people looked up in one tick; the others have theirs in the next
BATCH = 50  # people after whom everybody else gets a turn


class Follower(Timed):
    """A session that waits and has its socket here; its deadline is when to look it up again."""

    __slots__ = ("heard_of", "next", "session_id")

    def __init__(self, session_id: str) -> None:
        super().__init__()
        self.session_id = session_id
        self.heard_of: Level | None = None
        self.next = 0.0  # when it is told again, widened or not


class Prospects:
    """Tells everybody who waits every `interval` seconds, and when their wait has widened."""

    def __init__(
        self,
        switchboard: Switchboard,
        courier: Courier,
        interval: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._switchboard = switchboard
        self._courier = courier
        self._interval = interval
        self._clock = clock
        self._followers: dict[str, Follower] = {}
        self._timers: Timers[Follower] = Timers()
        self._outlooks: dict[ChatType, Outlook] = {kind: Outlook() for kind in get_args(ChatType)}
        courier.listeners.append(self._learn)

    def follow(self, session_id: str) -> None:
        """The session waits, and its socket is here."""
        follower = self._followers[session_id] = Follower(session_id)
        self._timers.set(follower, self._clock())

    def of(self, session_id: str) -> Prospect | None:
        """The prospects of somebody who asks; None if they do not wait. Raises Refused."""
        (standing,) = self._switchboard.standings([session_id])
        return None if standing is None else self._prospect(standing, self._clock())

    def run(self) -> None:
        """Tell, for ever."""
        while True:
            time.sleep(TICK)  # lets others run: the server has patched it
            try:
                self.tell()
            except Exception:  # noqa: BLE001 - whatever it was, the next time must come
                log.exception("those who wait could not be told")

    def tell(self) -> None:
        """Tell those for whom it is time, a few after the other."""
        now = self._clock()
        due = list(islice(self._timers.expired(now), MOST))
        for start in range(0, len(due), BATCH):
            self._tell([each for each in due[start : start + BATCH] if self._is_here(each)], now)
            time.sleep(0)

    def __len__(self) -> int:
        return len(self._followers)

    def _is_here(self, follower: Follower) -> bool:
        """Whether the session may still wait, with its socket here."""
        if not self._courier.may_wait(follower.session_id):
            self._let_go(follower)
        return self._followers.get(follower.session_id) is follower

    def _let_go(self, follower: Follower) -> None:
        if self._followers.get(follower.session_id) is follower:  # or it has come again meanwhile
            del self._followers[follower.session_id]

    def _tell(self, followers: list[Follower], now: float) -> None:
        if not followers:
            return
        try:
            standings = self._switchboard.standings([each.session_id for each in followers])
        except Refused:  # the store is away, which it reports itself
            for follower in followers:
                self._timers.set(follower, now + self._interval)
            return
        news = (
            self._news(follower, standing, now)
            for follower, standing in zip(followers, standings, strict=True)
            if self._is_here(follower)  # still: the store may have taken its time
        )
        self._courier.deliver(Effects(tuple(each for each in news if each is not None)))

    def _news(self, follower: Follower, standing: Standing | None, now: float) -> Delivery | None:
        """What a follower is to be told, if anything; it is looked up again when that changes."""
        if standing is None:
            self._let_go(follower)
            return None
        is_due = now >= follower.next or standing.level != follower.heard_of
        if is_due:
            follower.heard_of, follower.next = standing.level, now + self._interval
        # A tick later, when the board has let the wait widen.
        self._timers.set(follower, min(follower.next, now + max(standing.wider_in, 0) + TICK))
        if not is_due:
            return None
        told = members(**msgspec.structs.asdict(self._prospect(standing, now)))
        return Delivery(follower.session_id, Event(0, "waiting", told))

    def _prospect(self, standing: Standing, now: float) -> Prospect:
        remaining = self._outlooks[standing.chat_type].remaining(standing.waited, now)
        estimate = None if remaining is None else round(remaining, 1)
        return Prospect(standing.position, estimate, standing.level)

    def _learn(self, effects: Effects) -> None:
        """Somebody has been introduced here, or has gone."""
        for match in effects.matches:
            if match.asker:
                continue  # what they waited for was a question, which tells others nothing
            self._outlooks[match.chat_type].note(match.waited, self._clock())
