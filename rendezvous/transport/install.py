"""Where the transport is put under a Socket.IO server."""

from __future__ import annotations

import socketio

from .connection import Connection
from .engine import Engine, OnAnswer, OnText
from .limits import Limits
from .manager import FlatManager
from .reception import AddressOf, remote_address


def _unheard(_connection: Connection) -> None:
    """Nobody asks."""


def install(
    sio: socketio.Server,
    limits: Limits,
    *,
    on_text: OnText,
    on_answer: OnAnswer = _unheard,
    address_of: AddressOf = remote_address,
) -> Engine:
    """Put our engine and manager under `sio`, before its first client; returns the engine.

    `on_text(connection, text)` gets every Engine.IO MESSAGE without its leading `4`: in order, and
    never two of one connection at once. If it returns something true, that was all; otherwise the
    packet goes on to python-socketio. What it raises is logged and closes the connection.
    `on_answer(connection)` is called likewise, when a `connection.ask()` has been answered.
    `address_of(environ)` is whom a connection counts for; "" for nobody.
    """
    if type(sio.manager) is not socketio.Manager:
        raise ValueError("the transport needs python-socketio's in-process manager")
    sio.manager = FlatManager()
    sio.manager.set_server(sio)
    engine = Engine(sio, limits, on_text, on_answer, address_of)
    sio.eio = engine
    return engine
