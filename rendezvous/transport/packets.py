"""Which Socket.IO packets of a client are let through to python-socketio."""

from __future__ import annotations

from typing import Any

from .connection import Abuse

NEVER_FROM_CLIENTS = "456"
"""CONNECT_ERROR, BINARY_EVENT and BINARY_ACK: python-socketio counts attachments, but caps none."""

_EVENT, _ACK = 2, 3
_RESERVED = frozenset(("connect", "disconnect", "connect_error"))


def refuse_malformed(packet_class: Any, text: str) -> None:
    """Raise Abuse for what python-socketio would answer with an exception and its stack trace."""
    try:
        packet = packet_class(encoded_packet=text)
    except Exception as error:  # whatever its parser and its JSON module may raise
        raise Abuse("malformed Socket.IO packet") from error
    if packet.packet_type in (_EVENT, _ACK) and not isinstance(packet.data, list):
        raise Abuse("malformed Socket.IO packet")
    if packet.packet_type == _EVENT:
        name = packet.data[0] if packet.data else None
        if not isinstance(name, str) or name in _RESERVED:
            raise Abuse("malformed Socket.IO event")
