"""What a client may ask, parsed once at the door."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Struct

from rendezvous.protocol.fields import (
    After,
    AppealText,
    ChatType,
    ClientId,
    Comment,
    Discuss,
    Interests,
    Language,
    Pinned,
    Proof,
    Question,
    Reference,
    ReportAbout,
    ReportReason,
    Screenshot,
    SessionId,
    Token,
    Wait,
)
from rendezvous.refusals import Refused

MAX_DEPTH = 32  # an SDP description or ICE candidate needs 2; parsers in the wild give up at 500
MAX_SENTENCE = 200

T = TypeVar("T")


class Request(Struct, forbid_unknown_fields=True):
    """Anything a client asks; a field it does not know is refused, for it is a misspelt one."""


class StartChat(Request):
    """`POST /start`, `POST /start_video`."""

    interests: Interests = []
    language: Language | None = None
    pinned: Pinned = []
    question: Question | None = None
    discuss: Discuss = False
    proof: Proof | None = None
    token: Token | None = None


class Start(Request):
    """`start`: leave what this socket is in, then look for a stranger."""

    chat_type: ChatType
    interests: Interests = []
    language: Language | None = None
    pinned: Pinned = []
    question: Question | None = None
    discuss: Discuss = False
    proof: Proof | None = None
    token: Token | None = None


class JoinSession(Request):
    """`join_session`: make this socket the session's way out."""

    session_id: SessionId
    after: After = 0


class SessionRequest(Request):
    """What needs nothing but the session: `leave_session`, `block`, `upgrade_request`, ..."""

    session_id: SessionId


class AnswerUpgrade(Request):
    """`upgrade_answer`, `POST /upgrade_answer`: whether to go on by video, as the stranger asks."""

    session_id: SessionId
    accept: bool


class SendMessage(Request):
    """`send_message`, `POST /send`."""

    session_id: SessionId
    message: str
    client_id: ClientId | None = None


class Typing(Request):
    """`typing`: ephemeral, neither numbered nor kept."""

    session_id: SessionId
    is_typing: bool


class SendSignal(Request):
    """`webrtc_signal`: an SDP description or an ICE candidate for the partner, any JSON object."""

    session_id: SessionId
    signal: Annotated[msgspec.Raw, Meta(extra_json_schema={"type": "object"})]


class Receive(Request):
    """`POST /receive`."""

    session_id: SessionId
    after: After = 0
    wait: Wait = 0


class FileReport(Request):
    """`report`, `POST /report`: what is wrong with the stranger of this session or its question."""

    session_id: SessionId
    reason: ReportReason
    comment: Comment = ""
    screenshot: Screenshot | None = None
    about: ReportAbout = "stranger"


class MakeAppeal(Request):
    """`POST /appeal`: object to a ban, once; `ban` is its reference."""

    ban: Reference
    text: AppealText


class AskAppeal(Request):
    """`GET /appeal`: what has become of a ban, and of the appeal against it."""

    ban: Reference


def parse(decoder: msgspec.json.Decoder[T], data: bytes | str) -> T:
    """Decode one request, or refuse it; the sentence names the field that is wrong."""
    try:
        return decoder.decode(data)
    except msgspec.ValidationError as error:
        where = str(error).replace("$[1]", "$")  # an event's data is the second of its array
        raise Refused("invalid_request", where[:MAX_SENTENCE]) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused("invalid_request", "This is not JSON that we can read.") from None


_JSON_OBJECT = msgspec.json.Decoder(dict[str, Any])


def check_signal(signal: msgspec.Raw, limit: int) -> bytes:
    """The bytes of a signal, to relay as they are: a JSON object, at most `limit` bytes."""
    data = bytes(signal)
    if len(data) > limit:
        raise Refused("too_large", f"A signal has at most {limit} bytes.")
    value = parse(_JSON_OBJECT, data)
    if nests_too_deep(data, value):
        raise Refused("invalid_request", f"A signal nests at most {MAX_DEPTH} levels.")
    return data


def nests_too_deep(data: bytes, value: Any) -> bool:
    """Whether JSON nests deeper than `MAX_DEPTH`, encoded as `data`, decoded as `value`."""
    # Only many brackets can nest deeply; counting them is cheaper than walking every signal.
    return data.count(b"{") + data.count(b"[") > MAX_DEPTH and _goes_on(value, MAX_DEPTH)


def _goes_on(value: Any, levels: int) -> bool:
    """Whether JSON nests deeper than so many levels.

    Level by level and not by recursion: the decoder goes deeper than Python from 3.12 on.
    """
    level = _nested([value])
    for _ in range(levels):
        level = [each for outer in level for each in _nested(_members(outer))]
    return bool(level)


def _nested(values: Iterable[Any]) -> list[Any]:
    return [value for value in values if isinstance(value, (dict, list))]


def _members(outer: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return outer.values() if isinstance(outer, dict) else outer
