"""The HTTP door: JSON in, JSON out, for everything a plain HTTP client can do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from rendezvous import __version__
from rendezvous.components import Components
from rendezvous.observe import METRICS_TYPE
from rendezvous.protocol.calls import APPEAL, ICE_SERVERS, REST_CALLS, Call
from rendezvous.protocol.replies import Health, Problem, Started, Unhealthy, Waiting
from rendezvous.protocol.requests import FileReport, Request, parse
from rendezvous.refusals import Refused
from rendezvous.rest.calls import RestCalls
from rendezvous.safety.accounts import MESSAGE, OTHER
from rendezvous.safety.visitor import Caller, Visitors

KINDS = {"send": MESSAGE}
CODE_OF_STATUS = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}


class RestDoor:
    """Turns requests into calls, and their replies into responses."""

    def __init__(
        self,
        components: Components,
        max_body: int,
        lease: float,
        alive_within: float,
        welcome: Callable[[], Response | None],
        visitors: Visitors,
    ) -> None:
        self._switchboard = components.switchboard
        self._observer = components.observer
        self._moderation = components.moderation
        self._limiter = components.limiter
        self._proof = components.proof
        self._topics = components.topics
        self._max_body = max_body
        self._calls = RestCalls(components, lease, alive_within)
        self._welcome = welcome
        self._visitors = visitors

    def blueprint(self) -> Blueprint:
        """The calls as routes."""
        rest = Blueprint("rest", __name__)
        rest.add_url_rule("/", "health", lambda: self._welcome() or self.health())
        rest.add_url_rule("/metrics", "metrics", self.metrics)
        rest.add_url_rule("/challenge", "challenge", self.challenge)
        rest.add_url_rule("/topics", "topics", lambda: _json(self._topics.show()))
        for call in REST_CALLS:
            view = self._view(call, getattr(self._calls, call.name))
            rest.add_url_rule(f"/{call.name}", call.name, view, methods=["POST"])
        ice = _asking(ICE_SERVERS.request, self._calls.ice_servers)
        rest.add_url_rule(f"/{ICE_SERVERS.name}", ICE_SERVERS.name, ice)
        standing = _asking(APPEAL.request, self._calls.standing)
        rest.add_url_rule(f"/{APPEAL.name}", "standing", standing)
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


def _asking(
    query: type[Request], answer: Callable[[Any], msgspec.Struct]
) -> Callable[[], Response]:
    """A Flask view of a GET, which has no body: the request is in the query."""
    decoder = msgspec.json.Decoder(query)

    def view() -> Response:
        try:
            asked = request.args.to_dict()
        except UnicodeDecodeError:  # of bytes that should have been percent-encoded
            raise Refused("invalid_request", "This is no address that we can read.") from None
        response = _json(answer(parse(decoder, msgspec.json.encode(asked))))
        response.cache_control.no_store = True
        return response

    return view


def _json(reply: msgspec.Struct, status: int = 200) -> Response:
    return Response(msgspec.json.encode(reply), status, content_type="application/json")
