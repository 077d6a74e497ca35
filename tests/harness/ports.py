"""Ports for servers of our own."""

from __future__ import annotations

import socket


def free_port() -> int:
    """A port that the kernel gives to nobody else for a minute, but to who asks for it.

    Because a connection to it is left in TIME_WAIT, which SO_REUSEADDR passes over; without that,
    another test could be given the same port before our server has taken it.
    """
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)), probe.accept()[0] as accepted:
            accepted.shutdown(socket.SHUT_WR)  # the side that ends first is the one that waits
        return port
