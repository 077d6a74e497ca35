"""The way in and out, the same for both doors: who may start now, and what an end costs them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from rendezvous.matching import Appointment
from rendezvous.meetings import Meetings
from rendezvous.moderation.office import Moderation
from rendezvous.protocol.fields import ChatType
from rendezvous.questions import Questions, Wants
from rendezvous.safety.limiter import Limiter
from rendezvous.safety.proof import ProofOfWork
from rendezvous.safety.visitor import Caller
from rendezvous.sessions import Seeker, SessionManager, Wishes
from rendezvous.switchboard.results import Begun, Effects


class Application(Wishes, Wants, Protocol):
    """A request to start."""

    proof: str | None
    token: str | None


@dataclass(frozen=True, slots=True)
class Admitted:
    """Who may start, and what their request was found to say."""

    chat_type: ChatType
    wishes: Wishes
    caller: Caller
    appointment: Appointment | None
    question: str


@dataclass(frozen=True, slots=True)
class Admission:
    """Bans, proof of work and limits before a session, and the cooldown after it."""

    sessions: SessionManager
    moderation: Moderation
    limiter: Limiter
    proof: ProofOfWork
    meetings: Meetings
    questions: Questions

    def check(self, chat_type: ChatType, application: Application, caller: Caller) -> Admitted:
        """Raise Refused if the caller may not start now."""
        self.moderation.admit(caller)
        appointment = self._appointment(chat_type, application, caller)
        question = self.questions.read(chat_type, application)
        self.proof.check(application.proof)
        self.limiter.start(caller)
        return Admitted(chat_type, application, caller, appointment, question)

    def start(self, admitted: Admitted, holder: str | None = None) -> Begun:
        """Begin what has been checked; `holder` is the socket, if there is one. Raises Refused."""
        caller = admitted.caller
        begun = self.sessions.start(
            admitted.chat_type,
            admitted.wishes,
            self._seeker(caller),
            holder,
            admitted.appointment,
            question=admitted.question,
        )
        self.moderation.began(begun.session_id, caller)
        return begun

    def _seeker(self, caller: Caller) -> Seeker:
        return Seeker(
            caller.visitor,
            self.limiter.place_of(caller.address),
            self.moderation.blocks_of(caller.visitor),
        )

    def _appointment(
        self, chat_type: ChatType, application: Application, caller: Caller
    ) -> Appointment | None:
        if application.token is None:
            return None
        blocked = self.moderation.blocks_of(caller.visitor)
        return self.meetings.appointment(application.token, chat_type, caller.visitor, blocked)

    def leave(self, session_id: str, caller: Caller) -> Effects:
        """End a session, for both; who does so at once comes back later. Raises Refused."""
        effects = self.sessions.leave(session_id)
        self.limiter.left(caller, effects)
        return effects
