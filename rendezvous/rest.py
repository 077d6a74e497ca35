"""The HTTP door: JSON in, JSON out, for everything a plain HTTP client can do."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any

import msgspec
from flask import Blueprint, Response, request
from msgspec import UNSET
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from rendezvous import __version__
from rendezvous.components import Components
from rendezvous.observe import METRICS_TYPE
from rendezvous.protocol.calls import APPEAL, ICE_SERVERS, REST_CALLS, Call
from rendezvous.protocol.fields import ChatType
from rendezvous.protocol.replies import (
    BanStanding,
    Done,
    Health,
    IceAnswer,
    Problem,
    Received,
    ReceivedEvent,
    ReceivedMessage,
    Reported,
    Sent,
    Started,
    Unhealthy,
    Waiting,
)
from rendezvous.protocol.requests import (
    AskAppeal,
    FileReport,
    MakeAppeal,
    Receive,
    SendMessage,
    SessionRequest,
    StartChat,
    parse,
)
from rendezvous.refusals import Refused
from rendezvous.safety.accounts import MESSAGE, OTHER
from rendezvous.safety.visitor import Caller, Visitors
from rendezvous.sessions import Seeker
from rendezvous.switchboard.verbs import Delivery, View

KINDS = {"send": MESSAGE}
QUERY = msgspec.json.Decoder(SessionRequest)
APPEAL_QUERY = msgspec.json.Decoder(AskAppeal)
CODE_OF_STATUS = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}


class RestDoor:
    """The calls, each a method that returns a reply or raises Refused."""

    def __init__(
        self,
        components: Components,
        max_body: int,
        lease: float,
        welcome: Callable[[], Response | None],
        visitors: Visitors,
    ) -> None:
        self._switchboard = components.switchboard
        self._sessions = components.sessions
        self._messages = components.messages
        self._signaling = components.signaling
        self._courier = components.courier
        self._observer = components.observer
        self._moderation = components.moderation
        self._limiter = components.limiter
        self._proof = components.proof
        self._max_body = max_body
        self._lease = lease
        self._welcome = welcome
        self._visitors = visitors

    def blueprint(self) -> Blueprint:
        """The calls as routes."""
        rest = Blueprint("rest", __name__)
        rest.add_url_rule("/", "health", lambda: self._welcome() or self.health())
        rest.add_url_rule("/metrics", "metrics", self.metrics)
        rest.add_url_rule("/challenge", "challenge", self.challenge)
        for call in REST_CALLS:
            view = self._view(call, getattr(self, call.name))
            rest.add_url_rule(f"/{call.name}", call.name, view, methods=["POST"])
        rest.add_url_rule(f"/{ICE_SERVERS.name}", ICE_SERVERS.name, self._ice_view)
        rest.add_url_rule(f"/{APPEAL.name}", "standing", self._appeal_view)
        rest.app_errorhandler(Refused)(self.refuse)
        rest.app_errorhandler(HTTPException)(self.http_error)
        return rest

    def health(self) -> Response:
        """How many are here; 503 when the store does not answer."""
        try:
            counts = self._switchboard.counts()
        except Refused:
            return _json(Unhealthy("unhealthy", __version__), 503)
        return _json(
            Health(
                "healthy",
                __version__,
                counts.online,
                Waiting(**counts.waiting),
                sum(counts.chats.values()),
            )
        )

    def metrics(self) -> Response:
        """The metrics for Prometheus."""
        return Response(self._observer.exposition(), content_type=METRICS_TYPE)

    def challenge(self) -> Response:
        """What has to be solved before a start, where that is wanted."""
        response = _json(self._proof.challenge())
        response.cache_control.no_store = True
        return response

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
                # Who holds a request is alive: it is heard of again before its lease runs out.
                arrival.wait(min(left, self._lease / 2))
                view, left = self._read(body), left - self._lease / 2
        return self._received(body.session_id, view)

    def disconnect(self, body: SessionRequest, caller: Caller) -> Done:
        """Leave; the second time too."""
        effects = self._sessions.leave(body.session_id)
        self._limiter.left(caller, effects)
        self._courier.deliver(effects)
        return Done()

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

    def ice_servers(self, query: SessionRequest) -> IceAnswer:
        """What to make an RTCPeerConnection with, now."""
        answer, effects = self._signaling.ice_servers(query.session_id)
        self._courier.deliver(effects)
        return answer

    def refuse(self, refused: Refused) -> Response:
        """The one way in which a call is refused."""
        # The rule and not the path, in which somebody may have put a session id.
        what = request.url_rule.rule if request.url_rule else "unknown address"
        self._observer.refused(refused, what)
        problem = Problem(refused.sentence, refused.code, **refused.more)
        response = _json(problem, refused.status)
        if refused.retry_after:
            response.headers["Retry-After"] = str(refused.retry_after)  # RFC 9110, 10.2.3
        return response

    def http_error(self, error: HTTPException) -> Response:
        """What Flask itself turns down, and our own bugs, in the same form."""
        general = "internal_error" if (error.code or 500) >= 500 else "invalid_request"
        response = self.refuse(Refused(CODE_OF_STATUS.get(error.code or 500, general)))
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            response.headers["Allow"] = ", ".join(error.valid_methods)
        return response

    def _ice_view(self) -> Response:
        """A GET has no body: the request is in the query."""
        query = parse(QUERY, msgspec.json.encode(request.args.to_dict()))
        response = _json(self.ice_servers(query))
        response.cache_control.no_store = True
        return response

    def _appeal_view(self) -> Response:
        """How a ban stands; asked for with GET, because it changes nothing."""
        query = parse(APPEAL_QUERY, msgspec.json.encode(request.args.to_dict()))
        response = _json(self._moderation.standing(query))
        response.cache_control.no_store = True
        return response

    def _view(
        self, call: Call, act: Callable[[Any, Caller], msgspec.Struct]
    ) -> Callable[[], Response]:
        """A Flask view that reads the body once, as the call's model, and writes the reply."""
        decoder = msgspec.json.Decoder(call.request)
        limit = self._max_body
        if call.request is FileReport:
            limit += self._moderation.max_screenshot_text

        def view() -> Response:
            # Flask cuts a body without a length off at its limit, which is a byte above ours.
            request.max_content_length = limit + 1
            body = request.get_data(cache=False)
            if len(body) > limit:
                raise Refused("too_large")
            caller = self._visitors.caller(request.environ)
            data = parse(decoder, body or b"{}")
            # Who has no cookie is known by the session, if there is one.
            who = getattr(data, "session_id", "") if caller.is_new else caller.visitor
            self._limiter.spend(caller.address, who, KINDS.get(call.name, OTHER), len(body))
            reply = act(data, caller)
            response = _json(reply)
            if isinstance(reply, Started) and caller.is_new:
                cookie = self._visitors.cookie(caller, request.environ)
                response.headers["Set-Cookie"] = cookie
            return response

        return view

    def _begin(self, chat_type: ChatType, body: StartChat, caller: Caller) -> Started:
        self._moderation.admit(caller)
        self._proof.check(body.proof)
        self._limiter.start(caller)
        seeker = Seeker(
            caller.visitor,
            self._limiter.place_of(caller.address),
            self._moderation.blocks_of(caller.visitor),
        )
        begun = self._sessions.start(chat_type, body, seeker)
        self._moderation.began(begun.session_id, caller)
        self._moderation.presence.began(begun.session_id, caller)
        self._courier.deliver(begun.effects)
        return Started(begun.session_id, chat_type, begun.status)

    def _read(self, body: Receive) -> View:
        view = self._messages.receive(body.session_id, int(body.after), waits=body.wait > 0)
        self._courier.deliver(view.effects)
        return view

    def _received(self, session_id: str, view: View) -> Received:
        messages, events, live = [], [], view.status != "ended"
        for event in view.events:
            data = msgspec.json.decode(self._courier.data(Delivery(session_id, event), live=live))
            if event.name == "new_message":
                messages.append(
                    msgspec.convert({"seq": event.seq, **data["message"]}, ReceivedMessage)
                )
            else:
                events.append(ReceivedEvent(event.seq, event.name, data))
        return Received(view.status, messages, events, view.last_seq, not live, view.gap)


def _json(reply: msgspec.Struct, status: int = 200) -> Response:
    return Response(msgspec.json.encode(reply), status, content_type="application/json")
