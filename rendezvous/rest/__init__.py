"""The HTTP door and its calls."""

from __future__ import annotations

from rendezvous.rest.door import RestDoor

__all__ = ["RestDoor"]
