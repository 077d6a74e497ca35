"""What people of the races ask for when they start, drawn by lot."""

from __future__ import annotations

from random import Random

from tests.harness.crowd import Json
from tests.races.session import Role

INTERESTS = ("chess", "go", "tea", "jazz", "films", "cats")
LANGUAGES = ("en", "en-GB", "pt", "pt-BR", "ja")
ROLES: tuple[Json, ...] = ({}, {"question": "What do you think?"}, {"discuss": True})


def wishes(random: Random, *, choosy: bool) -> Json:
    """The fields of `start`. Who is `choosy` wants somebody with an interest and a language."""
    found: Json = {"chat_type": random.choice(["text", "text", "text", "video"])}
    if found["chat_type"] == "text":
        found |= random.choices(ROLES, [6, 1, 2])[0]
    if choosy:
        found["language"] = random.choice(LANGUAGES)
        found["interests"] = random.sample(INTERESTS, random.choice([0, 1, 2]))
    return found


def role_in(request: Json) -> Role:
    """What a client that starts so has to do with questions."""
    if "question" in request:
        return "asks"
    return "discusses" if "discuss" in request else "chats"
