"""The REST calls, as OpenAPI 3.1."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec import Struct

from rendezvous.docs.models import (
    INFO,
    Json,
    ref,
    replies_of,
    requests_of,
    required,
    schemas,
    sentence,
)
from rendezvous.protocol.calls import APPEAL, ICE_SERVERS, REST_CALLS, Call
from rendezvous.protocol.replies import Challenge, Health, Problem, Topics, Unhealthy
from rendezvous.refusals import REFUSALS


def openapi_document(max_message_length: int) -> Json:
    """The REST calls, as OpenAPI 3.1."""
    calls = (*REST_CALLS, ICE_SERVERS, APPEAL)
    answers: tuple[type[Struct], ...] = (
        *(Health, Unhealthy, Problem, Challenge, Topics),
        *replies_of(calls),
    )
    paths: Json = {
        "/": {"get": _health()},
        "/metrics": {"get": _metrics()},
        "/challenge": {"get": _challenge()},
        "/topics": {"get": _topics()},
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
        "components": {"schemas": schemas(requests_of(calls), answers, max_message_length)},
    }


def _operation(call: Call) -> Json:
    return {
        "operationId": call.name,
        "summary": call.summary,
        "requestBody": {
            "required": bool(required(call.request)),
            "content": {"application/json": {"schema": ref(call.request)}},
        },
        "responses": {"200": _answer(call.reply), **_problems(call.codes)},
    }


def _query(call: Call, operation_id: str = "") -> Json:
    """A call with its request in the query; every field of it is a single value."""
    properties = msgspec.json.schema(call.request)["$defs"][call.request.__name__]["properties"]
    needed = required(call.request)
    return {
        "operationId": operation_id or call.name,
        "summary": call.summary,
        "parameters": [
            {"name": name, "in": "query", "required": name in needed, "schema": schema}
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


def _challenge() -> Json:
    return {
        "operationId": "challenge",
        "summary": "What has to be solved for a start that was refused with proof_required",
        "responses": {"200": _answer(Challenge), **_problems(("not_found",))},
    }


def _topics() -> Json:
    return {
        "operationId": "topics",
        "summary": "What people are waiting with right now, where several wait with the same",
        "responses": {"200": _answer(Topics), **_problems(("not_found", "unavailable"))},
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
        "description": description or sentence(model),
        "content": {"application/json": {"schema": ref(model)}},
    }
