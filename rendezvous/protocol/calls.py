"""What can be called, over REST and Socket.IO: one table for the doors and for the documents."""

from __future__ import annotations

from typing import NamedTuple

from msgspec import Struct

from rendezvous.protocol.replies import (
    BanStanding,
    Done,
    IceAnswer,
    Joined,
    Received,
    Reported,
    Sent,
    Started,
    StartedAck,
    Upgrading,
)
from rendezvous.protocol.requests import (
    AnswerUpgrade,
    AskAppeal,
    FileReport,
    JoinSession,
    MakeAppeal,
    Receive,
    Request,
    SendMessage,
    SendSignal,
    SessionRequest,
    Start,
    StartChat,
    Typing,
)


class Call(NamedTuple):
    """A name (an event or the last part of a path), its models, and what it may be refused with."""

    name: str
    summary: str
    request: type[Request]
    reply: type[Struct]
    codes: tuple[str, ...]


ALWAYS = ("invalid_request", "rate_limited", "unavailable")
KNOWN = (*ALWAYS, "session_not_found")
TOKENS = ("token_invalid", "token_expired", "token_refused", "token_in_use", "wrong_chat_type")
BEGINNING = (*ALWAYS, "banned", "proof_required", *TOKENS)
BEGINNING_TEXT = (*BEGINNING, "text_refused")
CHATTING = (*KNOWN, "not_matched", "session_ended", "watching")
REPORT = (*CHATTING, "too_large")
PAIRED = (*CHATTING, "too_large", "inbox_full")
ASKING = (*CHATTING, "already_video", "watched", "already_asked")
ANSWERING = (*CHATTING, "already_video", "watched", "nothing_asked")
SAYING = (*PAIRED, "text_refused")

UPGRADES = (
    Call(
        "upgrade_request",
        "Ask the stranger to go on by video, or agree if they have asked",
        SessionRequest,
        Upgrading,
        ASKING,
    ),
    Call(
        "upgrade_answer",
        "Say whether to go on by video, as the stranger has asked",
        AnswerUpgrade,
        Upgrading,
        ANSWERING,
    ),
)

MEET_AGAIN = Call(
    "meet_again",
    "Wish to meet this stranger again, which they are told if they wish it, too",
    SessionRequest,
    Done,
    (*KNOWN, "not_matched", "watching"),
)

REST_CALLS = (
    Call("start", "Start a text chat session", StartChat, Started, BEGINNING_TEXT),
    Call("start_video", "Start a video chat session", StartChat, Started, BEGINNING),
    Call("send", "Send a message to the stranger", SendMessage, Sent, SAYING),
    Call("receive", "Receive what has happened, or wait for it", Receive, Received, KNOWN),
    Call("disconnect", "Leave the chat", SessionRequest, Done, KNOWN),
    Call("report", "Report the stranger to the moderators", FileReport, Reported, REPORT),
    Call("block", "Leave, and never meet this stranger again", SessionRequest, Done, REPORT[:-1]),
    Call(
        "appeal",
        "Object to a ban",
        MakeAppeal,
        BanStanding,
        (*ALWAYS, "ban_not_found", "already_appealed"),
    ),
    *UPGRADES,
    MEET_AGAIN,
)

ICE_SERVERS = Call(
    "ice_servers",
    "STUN and TURN servers for a video call",
    SessionRequest,
    IceAnswer,
    (*KNOWN, "session_ended"),
)

APPEAL = Call(
    "appeal",
    "What has become of a ban, and of the appeal against it",
    AskAppeal,
    BanStanding,
    (*ALWAYS, "ban_not_found"),
)

SOCKET_CALLS = (
    Call(
        "start", "Look for a stranger; in a chat: leave it first", Start, StartedAck, BEGINNING_TEXT
    ),
    Call(
        "join_session",
        "Make this socket the way out of a session, and catch up",
        JoinSession,
        Joined,
        (*KNOWN, "too_many_sessions"),
    ),
    Call("leave_session", "Leave the chat", SessionRequest, Done, KNOWN),
    Call("send_message", "Send a message to the stranger", SendMessage, Sent, SAYING),
    Call("typing", "Tell the stranger that one types, or stopped", Typing, Done, CHATTING),
    Call("report", "Report the stranger to the moderators", FileReport, Reported, REPORT),
    Call("block", "Leave, and never meet this stranger again", SessionRequest, Done, CHATTING),
    Call("webrtc_signal", "Send a WebRTC signal to the stranger", SendSignal, Done, PAIRED),
    *UPGRADES,
    MEET_AGAIN,
)
