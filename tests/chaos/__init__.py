"""Faults, one after another, in front of hundreds of chats that must not notice: see RESULTS.md."""

from __future__ import annotations
