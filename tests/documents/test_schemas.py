"""The documents keep to the standards that they name, and leave nothing out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft7Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry

from rendezvous.protocol.calls import APPEAL, ICE_SERVERS, REST_CALLS, SOCKET_CALLS, Call
from rendezvous.protocol.events import EVENTS
from rendezvous.refusals import REFUSALS
from tests.harness.servers import ROOT

Json = dict[str, Any]
ASYNCAPI = ROOT / "tests/tools/node_modules/@asyncapi/specs/schemas/3.0.0.json"
CONNECTIONLESS: Registry[Any] = Registry()  # a schema that is not at hand is an error, not fetched


def asyncapi_errors(document: Json) -> list[str]:
    """What the official JSON Schema of AsyncAPI 3.0.0 says against a document."""
    official = json.loads(ASYNCAPI.read_text())
    validator = Draft7Validator(official, registry=CONNECTIONLESS)
    return [error.message for error in validator.iter_errors(document)]


def messages(document: Json, operation: Json) -> list[Json]:
    """The messages of an operation or of its reply, with their references followed."""
    found = []
    for reference in operation["messages"]:
        _, _, channel, _, key = reference["$ref"].split("/")
        target = document["channels"][channel]["messages"][key]["$ref"]
        found.append(document["components"]["messages"][target.rpartition("/")[2]])
    return found


def operations(document: Json, action: str) -> dict[str, Json]:
    """The operations in one direction, by the name of the event that they are about."""
    return {
        message["name"]: operation
        for operation in document["operations"].values()
        if operation["action"] == action
        for message in messages(document, operation)
    }


def test_the_openapi_document_is_valid_openapi_3_1(openapi: Json) -> None:
    assert openapi["openapi"].startswith("3.1.")
    assert not list(OpenAPIV31SpecValidator(openapi).iter_errors())


def test_the_asyncapi_document_is_valid_asyncapi_3_0(asyncapi: Json) -> None:
    assert asyncapi["asyncapi"] == "3.0.0"
    assert not asyncapi_errors(asyncapi)


def test_the_official_schema_finds_what_is_wrong(asyncapi: Json) -> None:
    assert asyncapi_errors({**asyncapi, "channels": []})
    assert asyncapi_errors({**asyncapi, "operations": {"start": {"action": "shout"}}})


def test_every_call_has_an_operation(openapi: Json) -> None:
    paths = {f"/{call.name}" for call in (*REST_CALLS, ICE_SERVERS)}
    assert set(openapi["paths"]) == paths | {"/", "/metrics", "/challenge", "/topics"}


@pytest.mark.parametrize("call", SOCKET_CALLS, ids=lambda call: call.name)
def test_every_event_from_the_client_is_described(asyncapi: Json, call: Call) -> None:
    operation = operations(asyncapi, "receive")[call.name]
    (message,) = messages(asyncapi, operation)
    assert message["payload"] == {"$ref": f"#/components/schemas/{call.request.__name__}"}
    (answer,) = messages(asyncapi, operation["reply"])
    replies = [each["$ref"].rpartition("/")[2] for each in answer["payload"]["oneOf"]]
    assert replies == [call.reply.__name__, "Refusal"]
    for code in call.codes:
        assert code in operation["description"]


@pytest.mark.parametrize("name", EVENTS)
def test_every_event_to_the_client_is_described(asyncapi: Json, name: str) -> None:
    (message,) = messages(asyncapi, operations(asyncapi, "send")[name])
    assert message["payload"] == {"$ref": f"#/components/schemas/{EVENTS[name].__name__}"}


def test_no_other_event_is_described(asyncapi: Json) -> None:
    assert set(operations(asyncapi, "receive")) == {call.name for call in SOCKET_CALLS}
    assert set(operations(asyncapi, "send")) == set(EVENTS)


def test_every_refusal_of_a_call_is_documented_with_its_status(openapi: Json) -> None:
    asked = [("post", call) for call in REST_CALLS] + [("get", ICE_SERVERS), ("get", APPEAL)]
    for method, call in asked:
        responses = openapi["paths"][f"/{call.name}"][method]["responses"]
        for code in (*call.codes, "too_large", "origin_not_allowed", "internal_error"):
            assert code in responses[str(REFUSALS[code].status)]["description"], (call.name, code)


@pytest.mark.parametrize("model", ["Done", "Joined", "Sent", "StartedAck", "Refusal"])
def test_every_acknowledgement_always_says_whether_it_is_ok(asyncapi: Json, model: str) -> None:
    assert "ok" in asyncapi["components"]["schemas"][model]["required"]
