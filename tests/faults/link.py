"""A TCP link between a client and the server: it falls silent, stands still, is cut or moved."""

from __future__ import annotations

import selectors
import socket
import threading
from typing import Self

CHUNK = 65_536


class Link:
    """Listens on `port` and passes bytes on to the server's, until it is told to swallow them."""

    def __init__(self, server_port: int) -> None:
        self._server_port = server_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._sockets: list[socket.socket] = []
        self._silent = threading.Event()
        self._cut = threading.Event()
        self._flows = threading.Event()
        self._flows.set()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def fall_silent(self) -> None:
        """From now on everything that either side says is lost, and neither is told."""
        self._silent.set()

    def freeze(self) -> None:
        """From now on nothing gets through, and nothing is lost: neither side is told."""
        self._flows.clear()

    def thaw(self) -> None:
        """Pass on what has been held up, and go on."""
        self._flows.set()

    def cut(self) -> None:
        """Close every connection, on both sides, as a server does that is replaced."""
        self._cut.set()

    def lead_to(self, server_port: int) -> None:
        """Where connections go from now on; those that are open stay."""
        self._server_port = server_port

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._flows.set()
        self._thread.join()
        for each in (self._listener, *self._sockets):
            each.close()
        self._selector.close()

    def _run(self) -> None:
        while not self._over.is_set():
            self._flows.wait()
            if self._cut.is_set():
                self._close_all()
            for key, _ in self._selector.select(0.05):
                if key.data is None:
                    self._accept()
                else:
                    self._pass_on(key.fileobj, key.data)  # type: ignore[arg-type]  # ours are sockets

    def _accept(self) -> None:
        client, _ = self._listener.accept()
        server = socket.create_connection(("127.0.0.1", self._server_port))
        self._sockets += (client, server)
        self._selector.register(client, selectors.EVENT_READ, server)
        self._selector.register(server, selectors.EVENT_READ, client)

    def _close_all(self) -> None:
        self._cut.clear()
        for key in list(self._selector.get_map().values()):
            if key.data is not None:
                self._selector.unregister(key.fileobj)
        for each in self._sockets:
            each.close()
        self._sockets.clear()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        try:
            data = source.recv(CHUNK)
            if self._silent.is_set():
                pass
            elif data:
                target.sendall(data)
            else:
                target.shutdown(socket.SHUT_WR)
        except OSError:
            data = b""
        if not data:
            self._selector.unregister(source)
