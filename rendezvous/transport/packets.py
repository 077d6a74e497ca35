"""Packets of Engine.IO and Socket.IO, and which of a client's are let through."""

from __future__ import annotations

from typing import Any

# Engine.IO, protocol revision 4
CLOSE, PING, PONG, MESSAGE, UPGRADE, NOOP = "1", "2", "3", "4", "5", "6"

NEVER_FROM_CLIENTS = "456789"
"""CONNECT_ERROR; BINARY_EVENT and BINARY_ACK, whose attachments nobody caps; what is no type."""

PLAIN_CONNECT = ("0", "0{}")
"""Into the default namespace, without credentials: what clients send first."""

PLAIN_DISCONNECT = "1"

_EVENT, _ACK = 2, 3
_RESERVED = frozenset(("connect", "disconnect", "connect_error"))

# Close codes of RFC 6455, 7.4.1
NORMAL, PROTOCOL_ERROR, UNSUPPORTED_DATA = 1000, 1002, 1003
POLICY_VIOLATION, INTERNAL_ERROR = 1008, 1011


class Abuse(Exception):
    """The client does what no client may do: its connection is closed."""

    def __init__(self, what: str, code: int = POLICY_VIOLATION) -> None:
        super().__init__(what)
        self.code = code


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
