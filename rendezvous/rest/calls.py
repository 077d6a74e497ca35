"""What each HTTP call does: a method of its name, from a typed request to a typed reply."""

from __future__ import annotations

from time import perf_counter
from typing import TypeVar

import msgspec
from msgspec import UNSET

from rendezvous.components import Components
from rendezvous.protocol.fields import ChatType
from rendezvous.protocol.replies import (
    BanStanding,
    Done,
    IceAnswer,
    Received,
    ReceivedEvent,
    ReceivedMessage,
    Reported,
    Sent,
    Started,
    Upgrading,
)
from rendezvous.protocol.requests import (
    AnswerUpgrade,
    AskAppeal,
    FileReport,
    MakeAppeal,
    Receive,
    SendMessage,
    SessionRequest,
    StartChat,
)
from rendezvous.refusals import Refused
from rendezvous.safety.visitor import Caller
from rendezvous.switchboard.results import Delivery, Effects, View

R = TypeVar("R", bound=msgspec.Struct)


class RestCalls:
    """The calls of `REST_CALLS`, and `ICE_SERVERS`; each raises Refused."""

    def __init__(self, components: Components, lease: float, alive_within: float) -> None:
        """How many seconds after a call a session lives, and whoever waits counts as there."""
        self._admission = components.admission
        self._messages = components.messages
        self._signaling = components.signaling
        self._meetings = components.meetings
        self._courier = components.courier
        self._observer = components.observer
        self._moderation = components.moderation
        self._limiter = components.limiter
        self._prospects = components.prospects
        self._breath = lease / 2
        self._breath_of_waiting = min(lease, alive_within or lease) / 2

    def start(self, body: StartChat, caller: Caller) -> Started:
        """Start a text chat."""
        return self._begin("text", body, caller)

    def start_video(self, body: StartChat, caller: Caller) -> Started:
        """Start a video chat."""
        return self._begin("video", body, caller)

    def send(self, body: SendMessage, caller: Caller) -> Sent:
        """Put a message into the partner's inbox."""
        since = perf_counter()
        posted, warn = self._messages.send(body)
        self._courier.deliver(posted.effects)
        if not posted.again:
            self._observer.relayed("message", since)
        return Sent(posted.message_id, posted.seq, warning=warn or UNSET)

    def receive(self, body: Receive, caller: Caller) -> Received:
        """What came after `after`; with `wait`, held until something does."""
        with self._courier.polling(body.session_id) as arrival:
            view, left = self._read(body), body.wait
            while left > 0 and not (view.events or view.status == "ended" or arrival.is_set()):
                # Who holds a request is alive, and is heard of again before that is forgotten.
                breath = self._breath_of_waiting if view.status == "waiting" else self._breath
                arrival.wait(min(left, breath))
                view, left = self._read(body), left - breath
        return self._received(body.session_id, view, caller)

    def disconnect(self, body: SessionRequest, caller: Caller) -> Done:
        """Leave; the second time too."""
        return self._delivered(Done(), self._admission.leave(body.session_id, caller))

    def report(self, body: FileReport, caller: Caller) -> Reported:
        """Report the stranger."""
        self._limiter.report(caller)
        return self._moderation.report(body)

    def block(self, body: SessionRequest, caller: Caller) -> Done:
        """Leave, and never meet the stranger again."""
        return self._moderation.block(body.session_id)

    def appeal(self, body: MakeAppeal, caller: Caller) -> BanStanding:
        """Object to a ban."""
        return self._moderation.appeal(body)

    def standing(self, query: AskAppeal) -> BanStanding:
        """How a ban stands, and the appeal against it."""
        return self._moderation.standing(query)

    def meet_again(self, body: SessionRequest, caller: Caller) -> Done:
        """Wish to meet the stranger again."""
        return self._delivered(Done(), self._meetings.wish(body.session_id))

    def upgrade_request(self, body: SessionRequest, caller: Caller) -> Upgrading:
        """Ask the stranger to go on by video, or agree."""
        return self._delivered(*self._signaling.request_upgrade(body))

    def upgrade_answer(self, body: AnswerUpgrade, caller: Caller) -> Upgrading:
        """Say whether to go on by video."""
        return self._delivered(*self._signaling.answer_upgrade(body))

    def ice_servers(self, query: SessionRequest) -> IceAnswer:
        """What to make an RTCPeerConnection with, now."""
        return self._delivered(*self._signaling.ice_servers(query.session_id))

    def _delivered(self, reply: R, effects: Effects) -> R:
        """The reply, once what the call has brought about is on its way."""
        self._courier.deliver(effects)
        return reply

    def _begin(self, chat_type: ChatType, body: StartChat, caller: Caller) -> Started:
        admitted = self._admission.check(chat_type, body, caller)
        begun = self._admission.start(admitted)
        self._moderation.presence.began(begun.session_id, caller)
        self._courier.deliver(begun.effects)
        self._see_again(begun.session_id, caller)
        return Started(begun.session_id, chat_type, begun.status)

    def _see_again(self, session_id: str, caller: Caller) -> None:
        """A ban may have come while the store was asked, and not have seen the session."""
        try:
            self._moderation.admit(caller)
        except Refused:
            self._courier.deliver(self._admission.leave(session_id, caller))
            raise

    def _read(self, body: Receive) -> View:
        view = self._messages.receive(body.session_id, int(body.after), waits=body.wait > 0)
        self._courier.deliver(view.effects)
        return view

    def _received(self, session_id: str, view: View, caller: Caller) -> Received:
        messages, events, live = [], [], view.status != "ended"
        for event in view.events:
            data = msgspec.json.decode(self._courier.data(Delivery(session_id, event), live=live))
            if event.name == "new_message":
                said = {"seq": event.seq, **data["message"]}
                if "stranger" in data:
                    said["stranger"] = data["stranger"]
                messages.append(msgspec.convert(said, ReceivedMessage))
            else:
                events.append(ReceivedEvent(event.seq, event.name, data))
        return Received(
            view.status,
            messages,
            events,
            view.last_seq,
            not live,
            view.gap,
            (self._prospects.of(session_id) if view.status == "waiting" else None) or UNSET,
            self._moderation.warnings_for(session_id, caller) or UNSET,
        )
