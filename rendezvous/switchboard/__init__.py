"""Who waits, who is paired with whom, and what each has not heard yet: a few atomic verbs."""

from __future__ import annotations

from rendezvous.switchboard.memory import MemorySwitchboard
from rendezvous.switchboard.verbs import Switchboard, Terms


def open_switchboard(url: str, terms: Terms) -> Switchboard:
    """The switchboard that `url` names: `memory://`, or nothing, for the memory of this process.

    Raises ValueError for any other.
    """
    if url in ("", "memory://"):
        return MemorySwitchboard(terms)
    raise ValueError("only memory:// is a switchboard in this version")


__all__ = ["MemorySwitchboard", "Switchboard", "Terms", "open_switchboard"]
