"""The Socket.IO door and its calls."""

from __future__ import annotations

from rendezvous.sockets.door import SocketDoor
from rendezvous.sockets.strict_json import StrictJson

__all__ = ["SocketDoor", "StrictJson"]
