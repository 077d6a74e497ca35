"""Question mode, before there is a session: what may be asked, and in which chats."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from rendezvous.messages import BLANKS
from rendezvous.protocol.fields import ChatType
from rendezvous.refusals import Refused


class Wants(Protocol):
    """What a request to start says about a question."""

    question: str | None
    discuss: bool
    token: str | None


class Questions:
    """Reads questions; `censor` is the text filter, if there is one, and may refuse them."""

    def __init__(self, censor: Callable[[str], str] | None = None) -> None:
        self._censor = censor

    def read(self, chat_type: ChatType, wants: Wants) -> str:
        """The question as two strangers get it; "" if nothing is asked.

        Raises Refused: "invalid_request", "text_refused".
        """
        question = wants.question
        if wants.token is not None and (question is not None or wants.discuss):
            raise Refused("invalid_request", "Who meets again does so without a question.")
        if chat_type != "text" and (question is not None or wants.discuss):
            raise Refused("invalid_request", "Questions are discussed in text chats.")
        if question is None:
            return ""
        if wants.discuss:
            raise Refused("invalid_request", "One asks a question or discusses one, not both.")
        if not question.strip(BLANKS):
            raise Refused("invalid_request", "The question is empty.")
        return self._censor(question) if self._censor else question
