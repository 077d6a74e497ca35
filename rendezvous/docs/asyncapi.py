"""The Socket.IO events, as AsyncAPI 3.0: `receive` is what the server receives."""

from __future__ import annotations

from msgspec import Struct

from rendezvous.docs.models import INFO, Json, ref, replies_of, requests_of, schemas, sentence
from rendezvous.protocol.calls import SOCKET_CALLS, Call
from rendezvous.protocol.events import EVENTS
from rendezvous.protocol.replies import Refusal

CHANNEL = {"$ref": "#/channels/socket"}


def asyncapi_document(max_message_length: int) -> Json:
    """Every event and acknowledgement, in both directions."""
    answers: tuple[type[Struct], ...] = (Refusal, *EVENTS.values(), *replies_of(SOCKET_CALLS))
    messages, operations = _messages(), _operations()
    return {
        "asyncapi": "3.0.0",
        "info": {**INFO, "license": {"name": "MIT"}},
        "defaultContentType": "application/json",
        "channels": {"socket": _channel(list(messages))},
        "operations": operations,
        "components": {
            "messages": messages,
            "schemas": schemas(requests_of(SOCKET_CALLS), answers, max_message_length),
        },
    }


def _channel(messages: list[str]) -> Json:
    return {
        "address": "/socket.io/",
        "description": "Socket.IO (protocol 5), default namespace.",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
    }


def _messages() -> Json:
    found: Json = {}
    for call in SOCKET_CALLS:
        request, ack = _keys(call)
        found[request] = _message(call.name, call.summary, ref(call.request))
        either = {"oneOf": [ref(call.reply), ref(Refusal)]}
        found[ack] = _message(ack, "The acknowledgement", either)
    for name, model in EVENTS.items():
        found[name] = _message(name, sentence(model), ref(model))
    return found


def _message(name: str, summary: str, schema: Json) -> Json:
    return {"name": name, "summary": summary, "payload": schema}


def _operations() -> Json:
    received = {_keys(call)[0]: _received(call) for call in SOCKET_CALLS}
    return received | {name: _sent(name, model) for name, model in EVENTS.items()}


def _received(call: Call) -> Json:
    request, ack = _keys(call)
    return {
        "action": "receive",
        "summary": call.summary,
        "description": "Refused with: " + ", ".join(call.codes),
        "channel": CHANNEL,
        "messages": [_in_channel(request)],
        "reply": {"channel": CHANNEL, "messages": [_in_channel(ack)]},
    }


def _sent(name: str, model: type[Struct]) -> Json:
    return {
        "action": "send",
        "summary": sentence(model),
        "channel": CHANNEL,
        "messages": [_in_channel(name)],
    }


def _keys(call: Call) -> tuple[str, str]:
    """Of a request and its acknowledgement; not a name, for `webrtc_signal` goes both ways."""
    return f"{call.name}_request", f"{call.name}_ack"


def _in_channel(message: str) -> Json:
    return {"$ref": f"#/channels/socket/messages/{message}"}
