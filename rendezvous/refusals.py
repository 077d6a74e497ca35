"""Every way to say no, by a stable code: the one exit for refusals."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a code means: its HTTP status and a sentence for people."""

    status: int
    sentence: str


REFUSALS = {
    "invalid_request": Refusal(400, "The request is not what this call expects."),
    "token_invalid": Refusal(400, "This token is none of ours."),
    "banned": Refusal(403, "You cannot use this service at the moment."),
    "origin_not_allowed": Refusal(403, "This web page may not use this server."),
    "token_refused": Refusal(403, "This meeting cannot take place."),
    "not_found": Refusal(404, "There is nothing at this address."),
    "ban_not_found": Refusal(404, "There is no such ban, or it was over long ago."),
    "session_not_found": Refusal(404, "There is no such session, or it was over long ago."),
    "method_not_allowed": Refusal(405, "This address does not answer to this method."),
    "not_matched": Refusal(409, "Nobody is on the other side yet."),
    "too_many_sessions": Refusal(409, "This connection holds too many sessions."),
    "token_in_use": Refusal(409, "Somebody waits with this token already."),
    "wrong_chat_type": Refusal(409, "This token is for the other type of chat."),
    "already_video": Refusal(409, "This is a video chat already."),
    "nothing_asked": Refusal(409, "Nobody has asked for that, or it was too long ago."),
    "watching": Refusal(409, "Who asks a question watches, and has no say."),
    "watched": Refusal(409, "Somebody watches this chat, which stays a text chat."),
    "already_appealed": Refusal(409, "There is an appeal against this ban already."),
    "token_expired": Refusal(410, "This token is too old."),
    "session_ended": Refusal(410, "This chat is over."),
    "too_large": Refusal(413, "That is more than this server accepts."),
    "text_refused": Refusal(422, "That is not said here."),
    "proof_required": Refusal(428, "Many people come at once; solve a challenge first."),
    "rate_limited": Refusal(429, "That is too much at once; try again a little later."),
    "already_asked": Refusal(429, "You have asked for that a moment ago."),
    "inbox_full": Refusal(429, "The stranger is away and has too much to catch up on; try later."),
    "internal_error": Refusal(500, "Something broke on our side."),
    "unavailable": Refusal(503, "The server cannot do this right now; try again soon."),
}


class Refused(Exception):
    """A request we understand and turn down.

    `code` is a key of `REFUSALS`; `sentence` replaces the code's general sentence; `retry_after` is
    in how many seconds it may be tried again, where that is known; `more` are fields that the
    answer has besides.
    """

    def __init__(
        self, code: str, sentence: str = "", *, retry_after: float | None = None, **more: Any
    ) -> None:
        super().__init__(code)
        self.code = code
        self.status = REFUSALS[code].status
        self.sentence = sentence or REFUSALS[code].sentence
        self.retry_after = None if retry_after is None else max(1, ceil(retry_after))
        self.more = more
        if self.retry_after:
            more["retry_after"] = self.retry_after
