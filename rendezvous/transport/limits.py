"""What one connection may cost: every bound of the transport, with its unit."""

from __future__ import annotations

import resource
from dataclasses import dataclass

RESERVED_DESCRIPTORS = 128
"""For what is no client: libraries, logs, listening sockets, connections to stores, files."""


@dataclass(frozen=True)
class Limits:
    """The bounds of the transport; the defaults are meant for production."""

    max_message_bytes: int = 65_536
    """Bytes of one WebSocket message (its fragments together) or of one long-polling body."""

    send_queue_bytes: int = 262_144
    """Bytes that one connection may have outstanding with us before it is closed."""

    ping_interval: float = 7.0
    """Seconds between two Engine.IO pings."""

    ping_timeout: float = 6.0
    """Seconds to answer a ping; a dead peer is noticed within interval + timeout."""

    handshake_timeout: float = 10.0
    """Seconds for complete request headers, for a body, and from Engine.IO open to CONNECT."""

    connections: int = 0
    """Sockets open at once from everywhere; 0 means no cap."""

    connections_per_address: int = 100
    """Sockets open at once from one address; 0 means no cap."""


def most_connections() -> int:
    """How many clients this process has descriptors for, once it has taken all that it may have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return max(hard - RESERVED_DESCRIPTORS, 1)
