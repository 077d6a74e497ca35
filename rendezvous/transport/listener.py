"""What a WebSocket tells, and to whom."""

from __future__ import annotations

from typing import Protocol


class Listener(Protocol):
    """Who hears what a WebSocket receives; called by one greenlet at a time."""

    def heard_text(self, text: str) -> None:
        """A text message."""

    def heard_binary(self, data: bytes) -> None:
        """A binary message."""

    def lost(self, error: bool) -> None:
        """The peer has closed, or (`error`) broken something; not told after our own close."""
