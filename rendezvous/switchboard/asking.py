"""Whether those who wait are there: who was not heard of for a while is asked, and held."""

from __future__ import annotations

from rendezvous.switchboard.terms import Terms
from rendezvous.switchboard.timers import Timers
from rendezvous.switchboard.waits import Wait


class Asking:
    """Sets `timers` for those who have to answer. Whoever is asked or held stands in no corner."""

    def __init__(self, terms: Terms, timers: Timers[Wait]) -> None:
        self._alive_within = terms.alive_within
        self._answer_within = terms.answer_within
        self._timers = timers

    def is_heard(self, wait: Wait, now: float) -> bool:
        """Whether they are known to be there."""
        return not self._alive_within or now < wait.session.heard_at + self._alive_within

    def is_out_of_reach(self, wait: Wait, now: float) -> bool:
        """Whether nobody knows, and there is no socket by which to ask."""
        return wait.session.holder is None and not self.is_heard(wait, now)

    def soonest(self, wait: Wait, wider: float | None) -> float | None:
        """When to look at them next: when they look `wider`, or may be out of reach."""
        if wait.session.holder is not None or not self._alive_within:
            return wider
        silent = wait.session.heard_at + self._alive_within
        return silent if wider is None else min(wider, silent)

    def hold(self, one: Wait, other: Wait, now: float) -> tuple[str, ...]:
        """Keep two for each other; returns who of them has to be asked."""
        one.held_for, other.held_for = other, one
        silent = [wait for wait in (one, other) if not self.is_heard(wait, now)]
        return tuple(self._ask(wait, now + self._answer_within) for wait in silent)

    def ask_again(self, wait: Wait, now: float) -> str:
        """The answer has not come. Maybe the question got lost; they are passed over meanwhile."""
        return self._ask(wait, now + self._alive_within)

    def answered(self, wait: Wait) -> None:
        """They are there."""
        if wait.asked:
            wait.asked = False
            self._timers.set(wait, None)

    def release(self, wait: Wait) -> Wait | None:
        """Hold them no longer; returns for whom they were held, if that one need not wait more."""
        other, wait.held_for = wait.held_for, None
        if other is None:
            return None
        other.held_for = None
        return None if other.asked else other

    def _ask(self, wait: Wait, until: float) -> str:
        wait.asked = True
        self._timers.set(wait, until)
        return wait.session.id
