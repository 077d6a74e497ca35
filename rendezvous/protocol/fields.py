"""The fields that requests, replies and events share, with their limits."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

ChatType = Literal["text", "video"]
Beginning = Literal["waiting", "matched"]
Status = Literal["waiting", "matched", "ended"]
Wish = Literal["interests", "language"]
Level = Literal["exact", "interest", "language", "anyone"]
IcePolicy = Literal["all", "relay"]  # RTCIceTransportPolicy, W3C WebRTC 1.0, section 4.2.3

MAX_INTERESTS = 10
MAX_QUESTION = 500
MAX_WAIT = 25.0
MAX_DEPTH = 32
LAST_SAFE_INTEGER = 2**53 - 1  # what JavaScript can count to, ECMA-262 Number.MAX_SAFE_INTEGER

SessionId = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=64,
        description="The participant's own secret; whoever has it may act for the participant.",
    ),
]
Interest = Annotated[str, Meta(min_length=1, max_length=50)]
Interests = Annotated[list[Interest], Meta(max_length=MAX_INTERESTS)]
Language = Annotated[
    str,
    Meta(
        max_length=35,
        pattern="^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$",
        description="A BCP 47 language tag (RFC 5646).",
    ),
]
Pinned = Annotated[
    list[Wish],
    Meta(
        max_length=2,
        description="What the stranger has to share, however long it takes to find one.",
    ),
]
Question = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=MAX_QUESTION,
        pattern="\\S",
        description="What two strangers are to discuss while you watch; only in text chats.",
    ),
]
Discuss = Annotated[
    bool,
    Meta(
        description="Discuss a question, while who asked it watches; not beside a `question`, and "
        "only in text chats."
    ),
]
Stranger = Annotated[
    Literal[1, 2], Meta(description="Which of the two whom one watches it is about.")
]
ClientId = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=64,
        description="The client's own name for this message: sent again, it is delivered once.",
    ),
]
Seq = Annotated[
    int, Meta(ge=1, description="Number in the participant's inbox, from 1 without holes.")
]
# JSON Schema's integer may be written as 19.0, which a decoder to int would refuse.
After = Annotated[
    float,
    Meta(
        ge=0,
        le=LAST_SAFE_INTEGER,
        multiple_of=1,
        description="The last number the client has; older ones go.",
        extra_json_schema={"type": "integer"},
    ),
]
Wait = Annotated[float, Meta(ge=0, le=MAX_WAIT, description="Hold the request so long, seconds.")]
Count = Annotated[int, Meta(ge=0)]
Position = Annotated[int, Meta(ge=1, description="The place in the queue of the chat type.")]
EstimatedWait = Annotated[
    float,
    Meta(ge=0, description="Seconds, from what others waited lately; `null`: nothing is known."),
]
WidenedTo = Annotated[
    Level,
    Meta(
        description="What is looked for by now: an interest and the language, an interest, the "
        "language, or anyone."
    ),
]
ReportReason = Literal[
    "minor", "sexual", "violence", "self_harm", "harassment", "hate", "illegal", "spam", "other"
]
ReportAbout = Annotated[
    Literal["stranger", "question"],
    Meta(description="`question`: who has asked what the two discuss."),
]
Comment = Annotated[
    str, Meta(max_length=1_000, description="What happened, in the reporter's own words.")
]
Screenshot = Annotated[
    str,
    Meta(
        description="A PNG, JPEG or WebP picture of the stranger's video: base64, or a data: URL.",
        extra_json_schema={"contentEncoding": "base64"},
    ),
]
Reference = Annotated[
    str,
    Meta(min_length=1, max_length=32, pattern="^[A-Z2-7]+$", description="A report's or ban's."),
]
AppealText = Annotated[str, Meta(min_length=1, max_length=2_000, pattern="\\S")]
AppealState = Literal["none", "open", "granted", "refused"]
Ttl = Annotated[
    int,
    Meta(ge=0, description="Seconds for which this holds; 0: ask again when there is a match."),
]
Token = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=256,
        description="One's own half of a meeting: the two who got the halves are brought together.",
    ),
]
InvitationTtl = Annotated[
    int, Meta(ge=1, description="Seconds in which it can be answered, from when it was asked.")
]
Proof = Annotated[
    str,
    Meta(
        max_length=2_048,
        description="A solution of `GET /challenge`, as ALTCHA encodes it: base64 of JSON.",
    ),
]
RetryAfter = Annotated[int, Meta(ge=1, description="Seconds until it may be tried again.")]
Timestamp = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
Yes = Annotated[bool, Meta(extra_json_schema={"const": True})]  # or a refusal would fit too
No = Annotated[bool, Meta(extra_json_schema={"const": False})]
