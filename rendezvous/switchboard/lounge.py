"""Those who wait for one type of chat: where they stand, and when they look wider."""

from __future__ import annotations

import math

from rendezvous.matching import (
    ALL_QUESTIONS,
    ALL_WHO_DISCUSS,
    SMOOTHING,
    Appointment,
    Candidate,
    Popularity,
    Profile,
    Stage,
    least_costly,
    plan,
    question_corners,
    tongue_of,
)
from rendezvous.switchboard.acquaintances import Acquaintances
from rendezvous.switchboard.asking import Asking
from rendezvous.switchboard.crowds import token_in_use
from rendezvous.switchboard.parties import Session
from rendezvous.switchboard.places import Places
from rendezvous.switchboard.pool import Pool
from rendezvous.switchboard.results import Standing
from rendezvous.switchboard.terms import Terms
from rendezvous.switchboard.timers import Timers
from rendezvous.switchboard.topics import Topics
from rendezvous.switchboard.waits import Wait


class Lounge:
    """Finds partners as the policy has planned, and sets `timers` for who has to wait."""

    def __init__(self, terms: Terms, timers: Timers[Wait]) -> None:
        self._widening = terms.widening
        self._again_after = terms.again_after
        self._knows_people = terms.not_again > 0
        self._timers = timers
        self._acquaintances = Acquaintances(terms.not_again, terms.not_again_for)
        self._pool: Pool[Wait] = Pool()
        self._waits: dict[int, Wait] = {}
        self._places = Places()
        self._counts_topics = terms.topics
        self.topics = Topics()
        self._appointments: set[Appointment] = set()
        self._popularity = Popularity()
        self._last_came: float | None = None
        self._gap, self._gaps = terms.widening.longest_gap, 1
        self.asking = Asking(terms, timers)

    def __len__(self) -> int:
        return len(self._waits)

    def expect(self, profile: Profile) -> None:
        """Raise Refused, "token_in_use", if they, or who has their token, wait here already."""
        if profile.appointment in self._appointments:
            raise token_in_use()

    def arrive(self, session: Session, now: float) -> None:
        """Somebody has come, and will be seated."""
        if session.profile.appointment is not None:
            self._appointments.add(session.profile.appointment)
        else:
            self._note_gap(now)
        planned, prospects = plan(session.profile), self._prospects(session.profile)
        patience = self._widening.patience(self._gap)
        planned = planned.with_patience(patience)
        times = tuple(now + patience * self._widening.share(each.level) for each in planned.stages)
        self._waits[session.ticket] = Wait(
            session, planned, times, now + self._again_after, prospects
        )
        if self._counts_topics and _only_chats(session):
            self.topics.enter(_person(session), session.profile.interests)

    def wait_of(self, session: Session) -> Wait:
        """The wait of a session that waits."""
        return self._waits[session.ticket]

    def suit(self, one: Wait, other: Wait, now: float) -> bool:
        """Whether two who wait may be introduced, the `other` of whom is where `one` looks."""
        if one is other or not self._may_meet(one, other) or self._know_each_other(one, other, now):
            return False
        return not one.session.profile.discusses or self.asker_for(one, other) is not None

    def asker_for(self, one: Wait, other: Wait) -> Wait | None:
        """Who asks what these two, who would discuss a question, may discuss."""
        tongues = tongue_of(one.session.profile), tongue_of(other.session.profile)
        asker = self._pool.first(
            question_corners(*tongues),
            lambda asker: self._may_meet(asker, one) and self._may_meet(asker, other),
        )
        return asker.who if asker else None

    def who_would_discuss(self, now: float) -> tuple[Wait, Wait] | None:
        """The first two who would discuss a question that waits."""
        for stay in self._pool.standing(ALL_WHO_DISCUSS):
            partner = self._look_around(stay.who, now)
            if partner is not None:
                return stay.who, partner
        return None

    def seat(self, wait: Wait, now: float) -> Wait | None:
        """Who is there can be introduced; returns a partner, or lets them wait for one."""
        if self.asking.is_out_of_reach(wait, now):
            return None
        found = self._find(wait, wait.plan.looks, now)
        if found is not None:
            return found
        wait.stage = 0
        wait.stay = self._pool.enter(wait, wait.session.ticket, wait.plan.stands)
        return self.widen(wait, now)

    def widen(self, wait: Wait, now: float) -> Wait | None:
        """Look wider, as far as it is time to."""
        if self.asking.is_out_of_reach(wait, now):
            self.step_out(wait)
            return None
        assert wait.stay is not None  # noqa: S101 - for mypy: who is away has no deadline
        while wait.is_due(now):
            stage = wait.stages[wait.stage]
            wait.stage += 1
            found = self._find_at(stage, wait, now)
            if found is not None:
                return found
            stands = wait.plan.stands  # also those that others open only later
            self._pool.stand(wait.stay, [each for each in stage.opens if each not in stands])
        wider = wait.times[wait.stage] if wait.stage < len(wait.stages) else None
        self._timers.set(wait, self.asking.soonest(wait, wider))
        return None

    def standing(self, session: Session, now: float) -> Standing | None:
        """How somebody stands, if they wait, and for anybody but one."""
        wait = self._waits.get(session.ticket)
        if wait is None or session.profile.appointment is not None:
            return None
        stages = wait.plan.stages
        reached = min(wait.stage, len(stages))
        if wait.stay is None:  # and when they are offered again, they look as wide as it is time to
            reached = sum(time <= now for time in wait.times[: len(stages)])
        level = stages[reached - 1].level if reached else "exact"
        coming = zip(stages[reached:], wait.times[reached:], strict=False)
        wider = (max(time - now, 0.0) for stage, time in coming if stage.level != level)
        return Standing(
            session.profile.chat_type,
            self._places.of(session.ticket, self._waits, now),
            level,
            now - session.began,
            next(wider, math.inf) if wait.stay is not None else math.inf,
        )

    def step_out(self, wait: Wait) -> None:
        """They are offered to nobody, and keep their place."""
        if wait.stay is not None:
            self._pool.leave(wait.stay)
            wait.stay = None
            self._timers.set(wait, None)

    def hold(self, one: Wait, other: Wait, now: float) -> tuple[str, ...]:
        """Offer two who suit to nobody else until both are there; returns whom to ask."""
        self.step_out(one)
        self.step_out(other)
        return self.asking.hold(one, other, now)

    def introduced(self, one: Wait, other: Wait, now: float) -> None:
        """The two have met, and wait no longer."""
        one.held_for = other.held_for = None
        self.remove(one)
        self.remove(other)
        visitors = one.session.profile.visitor, other.session.profile.visitor
        self._acquaintances.introduce(*visitors, now)

    def remove(self, wait: Wait) -> None:
        """They wait no longer."""
        session = wait.session
        self.step_out(wait)
        del self._waits[session.ticket]
        if self._counts_topics and _only_chats(session):
            self.topics.leave(_person(session), session.profile.interests)
        if session.profile.appointment is not None:
            self._appointments.discard(session.profile.appointment)

    def _note_gap(self, now: float) -> None:
        if self._last_came is not None:
            gap = min(now - self._last_came, self._widening.longest_gap)
            self._gaps += 1
            self._gap += max(1 / self._gaps, SMOOTHING) * (gap - self._gap)
        self._last_came = now

    def _prospects(self, profile: Profile) -> float:
        if profile.appointment is not None or profile.question:
            return 0.0
        prospects = self._popularity.prospects(profile.interests)
        self._popularity.note(profile.interests)
        return prospects

    def _look_around(self, wait: Wait, now: float) -> Wait | None:
        """Look again into every corner into which they have looked."""
        if self.asking.is_out_of_reach(wait, now):
            return None
        stages = wait.stages[: wait.stage]
        looks = (*wait.plan.looks, *(corner for stage in stages for corner in stage.looks))
        return self._find(wait, looks, now)

    def _find_at(self, stage: Stage, wait: Wait, now: float) -> Wait | None:
        if not stage.spares:
            return self._find(wait, stage.looks, now)
        if wait.is_due(now) or self._has_no_question(wait):
            return None  # what comes at the same time is wider, and looks here too
        found = self._pool.some(stage.looks, lambda other: self._suits_now(wait, other, now))
        candidates = [
            Candidate(stay.who.prospects, stay.who.waited(now), corner)
            for stay, corner in found.items()
        ]
        return list(found)[least_costly(candidates)].who if found else None

    def _find(self, wait: Wait, corners: tuple[str, ...], now: float) -> Wait | None:
        if self._has_no_question(wait):
            return None
        found = self._pool.first(corners, lambda other: self._suits_now(wait, other, now))
        return found.who if found else None

    def _has_no_question(self, wait: Wait) -> bool:
        """Whether they would discuss one, and nobody asks any."""
        return wait.session.profile.discusses and ALL_QUESTIONS not in self._pool

    def _suits_now(self, one: Wait, other: Wait, now: float) -> bool:
        return not self.asking.is_out_of_reach(other, now) and self.suit(one, other, now)

    def _may_meet(self, one: Wait, other: Wait) -> bool:
        """Nobody meets themselves, in whichever tab, nor whom they block."""
        profile, theirs = one.session.profile, other.session.profile
        visitor, stranger = profile.visitor, theirs.visitor
        if stranger in profile.blocked or visitor in theirs.blocked:
            return False
        return not (visitor and self._knows_people) or visitor != stranger

    def _know_each_other(self, one: Wait, other: Wait, now: float) -> bool:
        """Nor, for a while, the same one again."""
        visitors = one.session.profile.visitor, other.session.profile.visitor
        if not self._knows_people or now >= min(one.again, other.again):
            return False
        if one.session.profile.appointment is not None:
            return False  # and the other has it, too, in whose corner they are
        return self._acquaintances.have_met(*visitors, now)


def _person(session: Session) -> str:
    """Who it is, or somebody of their own if that is not known."""
    return session.profile.visitor or session.id


def _only_chats(session: Session) -> bool:
    """Whether who looks for a chat with the same interests could meet them."""
    return not (session.profile.question or session.profile.discusses)
