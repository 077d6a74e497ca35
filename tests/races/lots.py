"""Who comes to the switchboard's races, drawn by lot."""

from __future__ import annotations

from random import Random

from rendezvous.matching import Profile

INTERESTS = ("chess", "go", "tea", "jazz", "films", "cats")
LANGUAGES = (None, "en", "en-GB", "pt", "pt-BR", "ja")
SESSIONS_OF_A_VISITOR = 5


def anybody(random: Random, number: int) -> Profile:
    """A profile by lot; every few of them are the same visitor's, who may block another."""
    visitor = number // SESSIONS_OF_A_VISITOR
    blocked = frozenset({f"visitor {visitor + random.randint(1, 3)}"})
    video = random.random() < 0.2
    (role,) = random.choices(["chats", "asks", "discusses"], [6, 1, 2])
    return Profile(
        "video" if video else "text",
        tuple(random.sample(INTERESTS, random.choice([0, 0, 1, 2, 3]))),
        random.choice(LANGUAGES),
        f"visitor {visitor}",
        pinned=frozenset({"interests"} if random.random() < 0.05 else ()),
        blocked=blocked if random.random() < 0.2 else frozenset(),
        question=f"question {number}" if role == "asks" and not video else "",
        discusses=role == "discusses" and not video,
    )
