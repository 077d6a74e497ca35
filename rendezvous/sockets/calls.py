"""What each Socket.IO event does: a method of its name, from a typed request to an Answer."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import UNSET

from rendezvous.components import Components
from rendezvous.courier import Socket
from rendezvous.protocol.replies import Done, Joined, Sent, StartedAck
from rendezvous.protocol.requests import (
    AnswerUpgrade,
    FileReport,
    JoinSession,
    SendMessage,
    SendSignal,
    SessionRequest,
    Start,
    Typing,
)
from rendezvous.refusals import Refused
from rendezvous.safety.visitor import Caller
from rendezvous.switchboard.results import NOTHING, Delivery, Effects


class Answer(msgspec.Struct, frozen=True, gc=False):
    """The acknowledgement, then what this socket has missed, then what follows for everybody.

    `relayed` if something has gone on to the partner, wherever that is.
    """

    reply: msgspec.Struct
    effects: Effects = NOTHING
    missed: Sequence[Delivery] = ()
    relayed: bool = False


class SocketCalls:
    """The calls of `SOCKET_CALLS`; each raises Refused."""

    def __init__(self, components: Components, max_sessions: int) -> None:
        """`max_sessions` are joined by one socket at most."""
        self._admission = components.admission
        self._sessions = components.sessions
        self._messages = components.messages
        self._signaling = components.signaling
        self._meetings = components.meetings
        self._courier = components.courier
        self._moderation = components.moderation
        self._limiter = components.limiter
        self._prospects = components.prospects
        self._max_sessions = max_sessions

    def start(self, socket: Socket, request: Start) -> Answer:
        """On a socket that is in a chat this is "next": leave, then look again."""
        caller = socket.state.caller
        admitted = self._admission.check(request.chat_type, request, caller)
        self._moderation.greet(socket)
        for session_id in list(socket.state):
            self._go_on(caller, session_id)
        begun = self._admission.start(admitted, socket.sid)
        self._courier.attach(begun.session_id, socket)
        if begun.status == "waiting":
            self._prospects.follow(begun.session_id)
        reply = StartedAck(begun.session_id, request.chat_type, begun.status)
        return Answer(reply, begun.effects)

    def join_session(self, socket: Socket, request: JoinSession) -> Answer:
        """Make this socket the way out of a session, and catch up."""
        if len(socket.state) >= self._max_sessions and request.session_id not in socket.state:
            raise Refused("too_many_sessions")
        view = self._sessions.join(request.session_id, int(request.after), socket.sid)
        if view.status != "ended":
            self._courier.attach(request.session_id, socket, view.last_seq)
        if view.status == "waiting":
            self._prospects.follow(request.session_id)
        missed = [Delivery(request.session_id, event) for event in view.events]
        reply = Joined(view.status, view.chat_type, view.is_initiator, view.last_seq, view.gap)
        return Answer(reply, view.effects, missed)

    def leave_session(self, socket: Socket, request: SessionRequest) -> Answer:
        """Leave the chat, or the queue."""
        return Answer(Done(), self._leave(request.session_id, socket.state.caller))

    def send_message(self, _socket: Socket, request: SendMessage) -> Answer:
        """Put a message into the partner's inbox."""
        posted, warn = self._messages.send(request)
        return Answer(
            Sent(posted.message_id, posted.seq, warning=warn or UNSET),
            posted.effects,
            relayed=not posted.again,
        )

    def report(self, socket: Socket, request: FileReport) -> Answer:
        """Report the stranger."""
        self._limiter.report(socket.state.caller)
        return Answer(self._moderation.report(request))

    def block(self, _socket: Socket, request: SessionRequest) -> Answer:
        """Leave, and never meet the stranger again."""
        return Answer(self._moderation.block(request.session_id))

    def typing(self, _socket: Socket, request: Typing) -> Answer:
        """Tell the partner that one types, or stopped."""
        return Answer(Done(), self._messages.typing(request))

    def webrtc_signal(self, _socket: Socket, request: SendSignal) -> Answer:
        """Put a WebRTC signal into the partner's inbox."""
        posted = self._signaling.relay(request)
        return Answer(Done(), posted.effects, relayed=True) if posted else Answer(Done())

    def meet_again(self, socket: Socket, request: SessionRequest) -> Answer:
        """Wish to meet the stranger again; this socket hears of it, also after the end."""
        effects = self._meetings.wish(request.session_id)
        self._courier.linger(request.session_id, socket)
        return Answer(Done(), effects)

    def upgrade_request(self, _socket: Socket, request: SessionRequest) -> Answer:
        """Ask the stranger to go on by video, or agree."""
        return Answer(*self._signaling.request_upgrade(request))

    def upgrade_answer(self, _socket: Socket, request: AnswerUpgrade) -> Answer:
        """Say whether to go on by video."""
        return Answer(*self._signaling.answer_upgrade(request))

    def _go_on(self, caller: Caller, session_id: str) -> None:
        try:
            self._courier.deliver(self._leave(session_id, caller))
        except Refused as refused:
            if refused.code != "session_not_found":
                raise
            self._courier.detach(session_id)  # another process ended it, and we were not told

    def _leave(self, session_id: str, caller: Caller) -> Effects:
        effects = self._admission.leave(session_id, caller)
        # At once, or what another process has told it meanwhile would come after the answer.
        self._courier.detach(session_id)
        return effects
