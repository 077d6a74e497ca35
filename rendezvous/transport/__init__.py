"""The transport under Engine.IO: WebSockets and long polling, bounded in size, number and time.

It stands alone: nothing here knows the rest of the project.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .connection import Connection
from .engine import Engine
from .install import install
from .limits import Limits, most_connections

if TYPE_CHECKING:
    from .server import Server

__all__ = ["Connection", "Engine", "Limits", "Server", "install", "most_connections"]


def __getattr__(name: str) -> Any:
    if name == "Server":
        # When first asked for, because eventlet installations have no gevent.
        from .server import Server  # noqa: PLC0415

        return Server
    raise AttributeError(name)
