"""Rendezvous: introduces two strangers to each other for a text or video chat."""

from __future__ import annotations

__version__ = "0.1.0"
