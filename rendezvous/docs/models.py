"""What both documents share: the models that validate, as JSON Schemas, and words about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from msgspec import Struct

from rendezvous import __version__
from rendezvous.protocol.calls import Call

Json = dict[str, Any]

INFO: Json = {
    "title": "Rendezvous",
    "version": __version__,
    "description": "Introduces two strangers to each other for a text or video chat.",
    "license": {"name": "MIT", "identifier": "MIT"},
}


def requests_of(calls: Iterable[Call]) -> Iterator[type[Struct]]:
    """What clients say."""
    return (call.request for call in calls)


def replies_of(calls: Iterable[Call]) -> Iterator[type[Struct]]:
    """What they are answered."""
    return (call.reply for call in calls)


def schemas(
    requests: Iterable[type[Struct]], answers: Iterable[type[Struct]], max_message_length: int
) -> Json:
    """JSON Schemas of the models, with the limit that is a setting."""
    answers = list(answers)
    _, found = msgspec.json.schema_components(
        dict.fromkeys([*requests, *answers]), ref_template="#/components/schemas/{name}"
    )
    found["SendMessage"]["properties"]["message"].update(
        minLength=1, maxLength=max_message_length, pattern="\\S"
    )
    for model in answers:
        # What has a default here is sent all the same, and a client may count on it.
        found[model.__name__]["required"] = [
            field.encode_name for field in msgspec.structs.fields(model) if _is_sent(model, field)
        ]
    return found


def _is_sent(model: type[Struct], field: msgspec.structs.FieldInfo) -> bool:
    """Whether a field is always there."""
    may_be_left_out = model.__struct_config__.omit_defaults or field.default is msgspec.UNSET
    return field.required or not may_be_left_out


def required(model: type[Struct]) -> list[str]:
    """The fields that a request must have."""
    return [field.name for field in msgspec.structs.fields(model) if field.required]


def sentence(model: type[Struct]) -> str:
    """What a model is for."""
    return (model.__doc__ or "").strip().splitlines()[0]


def ref(model: type[Struct]) -> Json:
    """Where a document has its schema."""
    return {"$ref": f"#/components/schemas/{model.__name__}"}
