"""Who waits, who is paired with whom, and what each has not heard yet: a few atomic verbs."""

from __future__ import annotations

from rendezvous.switchboard.memory import MemorySwitchboard
from rendezvous.switchboard.redis import RedisSwitchboard
from rendezvous.switchboard.terms import Terms
from rendezvous.switchboard.verbs import Switchboard


def open_switchboard(url: str, terms: Terms) -> Switchboard:
    """The switchboard that `url` names: `memory://`, or nothing, for the memory of this process.

    Raises ValueError, with nothing of the URL in it, for one that cannot be meant.
    """
    if url in ("", "memory://"):
        return MemorySwitchboard(terms)
    return RedisSwitchboard(url, terms)


__all__ = ["MemorySwitchboard", "RedisSwitchboard", "Switchboard", "Terms", "open_switchboard"]
