"""The page in real browsers, with cameras, from the start screen to the end of a chat."""

from __future__ import annotations
