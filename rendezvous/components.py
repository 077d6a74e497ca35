"""The four components and their surroundings, as the doors get them."""

from __future__ import annotations

from dataclasses import dataclass

from rendezvous.admission import Admission
from rendezvous.courier import Courier
from rendezvous.meetings import Meetings
from rendezvous.messages import MessageHandler
from rendezvous.moderation.office import Moderation
from rendezvous.observe import Observer
from rendezvous.prospects import Prospects
from rendezvous.safety.limiter import Limiter
from rendezvous.safety.proof import ProofOfWork
from rendezvous.sessions import SessionManager
from rendezvous.signaling import Signaling
from rendezvous.switchboard import Switchboard
from rendezvous.topics import TopicsPage


@dataclass(frozen=True, slots=True)
class Components:
    """What a door calls; each is there once."""

    switchboard: Switchboard
    admission: Admission
    sessions: SessionManager
    messages: MessageHandler
    signaling: Signaling
    meetings: Meetings
    courier: Courier
    observer: Observer
    moderation: Moderation
    limiter: Limiter
    proof: ProofOfWork
    prospects: Prospects
    topics: TopicsPage
