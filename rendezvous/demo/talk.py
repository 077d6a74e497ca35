"""What the bot says: it tells what it is, answers a little, and asks a lot."""

from __future__ import annotations

import re
from random import Random

from rendezvous.protocol.fields import ChatType

WHO = (
    "Hi! I am a bot, not a person: the demo of this server has me talk to you while nobody else "
    "is here."
)
PICTURE = (
    "What you see and hear is a test picture and a tone, made up as we speak. I do not look at "
    "your camera, nor listen."
)
MOST_QUOTED = 60  # characters
PATIENCE = 2  # questions into a silence
ASKS = 0.7  # how often, when it has answered

RULES = (
    (r"\b(?:how are you|how do you do)\b", (
        "All my bits are where they belong, thank you.",
        "Fine, thanks. I have been waiting for you, in a manner of speaking.",
    )),
    (r"\b(?:bot|robot|human|real|really there|ai|machine|person)\b", (
        "I am a bot, honestly. A small program with a handful of sentences.",
        "No human here: I am a bot that keeps the chair warm until somebody comes.",
    )),
    (r"\bmy name(?: i|')s (\w{1,30})", ("Nice to meet you, {}! I have no name myself.",)),
    (r"\b(?:bye|goodbye|see you|tsch(?:ü|ue)ss)\b", (
        "Bye! Press Next, and maybe a person comes along. Or I again.",
    )),
    (r"\b(?:hi|hello|hey|hallo|hola|salut|ciao|moin)\b", (
        "Hello again!",
        "Hello! A fine day for a chat.",
    )),
    (r"\b(?:video|camera|picture|see|hear|sound)\b", (
        "If you had chosen a video chat, I would show you a test picture.",
        "My only picture is a test picture. I think it suits me.",
    )),
    (r"\b(?:thanks|thank you|danke|merci)\b", ("You are welcome!",)),
    (r"\bwhy\b", ("Why indeed.", "I only ask, I do not know the reasons.")),
    (r"\?\s*$", (
        "Good question. I am too small a program to know.",
        "I would rather hear what you think of that.",
        "Ask the next person; they may know.",
    )),
    (r"\b(?:lol|haha|:\)|😀|😂)", ("Glad you like it.",)),
)  # fmt: skip
ECHOES = ("“{}” — tell me more.", "So: “{}”. I see.", "“{}”, you say?")
NODS = ("I see.", "Interesting.", "Go on.")
QUESTIONS = (
    "What brings you here?",
    "What was the best thing about today?",
    "Which place would you show a visitor first?",
    "Tea or coffee?",
    "What could you talk about for hours?",
    "Which song is in your head at the moment?",
    "Where would you go tomorrow if it cost nothing?",
    "What did you last learn?",
    "Is there something that you would like to build?",
)


class Talker:
    """One bot's side of a conversation; `draw` decides where there is a choice."""

    def __init__(self, draw: Random) -> None:
        self._draw = draw
        self._questions: list[str] = []
        self._silences = 0

    def greeting(self, chat_type: ChatType) -> list[str]:
        """What it says before anything else: what it is."""
        picture = [PICTURE] if chat_type == "video" else []
        return [WHO, *picture, self._question()]

    def answer(self, text: str) -> str:
        """Something to say to what was said, and mostly a question after it."""
        self._silences = 0
        answer = self._answer(" ".join(text.split()))
        return f"{answer} {self._question()}" if self._draw.random() < ASKS else answer

    def break_silence(self) -> str | None:
        """Another question, unless the last ones were not answered either."""
        self._silences += 1
        return self._question() if self._silences <= PATIENCE else None

    def _answer(self, text: str) -> str:
        for pattern, answers in RULES:
            if found := re.search(pattern, text, re.IGNORECASE):
                return self._draw.choice(answers).format(*found.groups())
        if 0 < len(text) <= MOST_QUOTED:
            return self._draw.choice(ECHOES).format(text.rstrip(".!"))
        return self._draw.choice(NODS)

    def _question(self) -> str:
        """One that has not been asked for longest."""
        if not self._questions:
            self._questions = self._draw.sample(QUESTIONS, len(QUESTIONS))
        return self._questions.pop()
