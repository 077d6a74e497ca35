"""OpenAPI and AsyncAPI documents from the models that validate, and the page that shows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from flask import Blueprint, Response, render_template
from msgspec import Struct

from rendezvous import __version__
from rendezvous.protocol.calls import APPEAL, ICE_SERVERS, REST_CALLS, SOCKET_CALLS, Call
from rendezvous.protocol.events import EVENTS
from rendezvous.protocol.replies import Health, Problem, Refusal, Unhealthy
from rendezvous.refusals import REFUSALS

Json = dict[str, Any]

INFO: Json = {
    "title": "Rendezvous",
    "version": __version__,
    "description": "Introduces two strangers to each other for a text or video chat.",
    "license": {"name": "MIT", "identifier": "MIT"},
}
CSP = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"


def docs(max_message_length: int) -> Blueprint:
    """`/openapi.json`, `/asyncapi.json` and `/docs`, made once."""
    openapi, asyncapi = openapi_document(max_message_length), asyncapi_document(max_message_length)
    blueprint = Blueprint("docs", __name__, template_folder="templates")
    blueprint.add_url_rule("/openapi.json", "openapi", lambda: _json(openapi))
    blueprint.add_url_rule("/asyncapi.json", "asyncapi", lambda: _json(asyncapi))

    @blueprint.get("/docs")
    def page() -> Response:
        html = render_template("docs.html", openapi=openapi, asyncapi=asyncapi, refusals=REFUSALS)
        return Response(html, headers={"Content-Security-Policy": CSP})

    return blueprint


def openapi_document(max_message_length: int) -> Json:
    """The REST calls, as OpenAPI 3.1."""
    models: tuple[type[Struct], ...] = (
        *(Health, Unhealthy, Problem),
        *_models((*REST_CALLS, ICE_SERVERS, APPEAL)),
    )
    paths: Json = {
        "/": {"get": _health()},
        "/metrics": {"get": _metrics()},
        f"/{ICE_SERVERS.name}": {"get": _query(ICE_SERVERS)},
    }
    for call in REST_CALLS:
        paths[f"/{call.name}"] = {"post": _operation(call)}
    paths[f"/{APPEAL.name}"]["get"] = _query(APPEAL, "appeal_standing")
    return {
        "openapi": "3.1.0",
        "info": INFO,
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"schemas": _schemas(models, max_message_length)},
    }


def asyncapi_document(max_message_length: int) -> Json:
    """The Socket.IO events, as AsyncAPI 3.0: `receive` is what the server receives."""
    models: tuple[type[Struct], ...] = (Refusal, *EVENTS.values(), *_models(SOCKET_CALLS))
    messages: Json = {}
    operations: Json = {}
    for call in SOCKET_CALLS:
        # A key of its own, because `webrtc_signal` goes both ways.
        request, ack = f"{call.name}_request", f"{call.name}_ack"
        messages[request] = _message(call.name, call.summary, _ref(call.request))
        either = {"oneOf": [_ref(call.reply), _ref(Refusal)]}
        messages[ack] = _message(ack, "The acknowledgement", either)
        operations[request] = {
            "action": "receive",
            "summary": call.summary,
            "description": "Refused with: " + ", ".join(call.codes),
            "channel": {"$ref": "#/channels/socket"},
            "messages": [{"$ref": f"#/channels/socket/messages/{request}"}],
            "reply": {
                "channel": {"$ref": "#/channels/socket"},
                "messages": [{"$ref": f"#/channels/socket/messages/{ack}"}],
            },
        }
    for name, model in EVENTS.items():
        messages[name] = _message(name, _sentence(model), _ref(model))
        operations[name] = {
            "action": "send",
            "summary": _sentence(model),
            "channel": {"$ref": "#/channels/socket"},
            "messages": [{"$ref": f"#/channels/socket/messages/{name}"}],
        }
    return {
        "asyncapi": "3.0.0",
        "info": {**INFO, "license": {"name": "MIT"}},
        "defaultContentType": "application/json",
        "channels": {
            "socket": {
                "address": "/socket.io/",
                "description": "Socket.IO (protocol 5), default namespace.",
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
            }
        },
        "operations": operations,
        "components": {"messages": messages, "schemas": _schemas(models, max_message_length)},
    }


def _models(calls: Iterable[Call]) -> Iterator[type[Struct]]:
    for call in calls:
        yield call.request
        yield call.reply


def _schemas(models: Iterable[type[Struct]], max_message_length: int) -> Json:
    """JSON Schemas of the models, with the limit that is a setting."""
    _, schemas = msgspec.json.schema_components(
        dict.fromkeys(models), ref_template="#/components/schemas/{name}"
    )
    schemas["SendMessage"]["properties"]["message"].update(
        minLength=1, maxLength=max_message_length, pattern="\\S"
    )
    return schemas


def _operation(call: Call) -> Json:
    return {
        "operationId": call.name,
        "summary": call.summary,
        "requestBody": {
            "required": bool(_required(call.request)),
            "content": {"application/json": {"schema": _ref(call.request)}},
        },
        "responses": {"200": _answer(call.reply), **_problems(call.codes)},
    }


def _query(call: Call, operation_id: str = "") -> Json:
    """A call with its request in the query; every field of it is a single value."""
    properties = msgspec.json.schema(call.request)["$defs"][call.request.__name__]["properties"]
    required = _required(call.request)
    return {
        "operationId": operation_id or call.name,
        "summary": call.summary,
        "parameters": [
            {"name": name, "in": "query", "required": name in required, "schema": schema}
            for name, schema in properties.items()
        ],
        "responses": {"200": _answer(call.reply), **_problems(call.codes)},
    }


def _health() -> Json:
    page = {"description": "The page for people, for clients that prefer HTML"}
    return {
        "operationId": "health",
        "summary": "Whether the server works, and how many are here",
        "responses": {
            "200": _answer(Health),
            "303": page,
            "503": _answer(Unhealthy),
            **_problems(()),
        },
    }


def _metrics() -> Json:
    text = {"text/plain": {"schema": {"type": "string"}}}
    return {
        "operationId": "metrics",
        "summary": "Metrics for Prometheus",
        "responses": {"200": {"description": "The text format", "content": text}, **_problems(())},
    }


def _problems(codes: Iterable[str]) -> Json:
    """The refusals of a call by their status; those of every call included."""
    by_status: dict[str, list[str]] = {}
    for code in (*codes, "too_large", "origin_not_allowed", "internal_error"):
        names = by_status.setdefault(str(REFUSALS[code].status), [])
        if code not in names:
            names.append(code)
    return {
        status: _answer(Problem, "Refused: " + ", ".join(names))
        for status, names in sorted(by_status.items())
    }


def _answer(model: type[Struct], description: str = "") -> Json:
    return {
        "description": description or _sentence(model),
        "content": {"application/json": {"schema": _ref(model)}},
    }


def _message(name: str, summary: str, schema: Json) -> Json:
    return {"name": name, "summary": summary, "payload": schema}


def _required(model: type[Struct]) -> list[str]:
    return [field.name for field in msgspec.structs.fields(model) if field.required]


def _sentence(model: type[Struct]) -> str:
    return (model.__doc__ or "").strip().splitlines()[0]


def _ref(model: type[Struct]) -> Json:
    return {"$ref": f"#/components/schemas/{model.__name__}"}


def _json(document: Json) -> Response:
    return Response(msgspec.json.encode(document), content_type="application/json")
