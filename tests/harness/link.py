"""TCP links with faults in them: slow, frozen, deaf, cut, or leading somewhere else."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Callable
from typing import Self, cast

AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: closing resets


class Links:
    """The thread that all links live in, so that no client's work makes them late."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="links")
        self._links: list[Link] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for link in self._links:
            link.close()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def to(self, port: int) -> Link:
        """A new link that leads to `port`."""
        link = Link(self._loop, port)
        self._links.append(link)
        return link


class Link:
    """Listens on `port`, and passes on to wherever it leads what its faults let through.

    Both directions are called by where they lead: "up" to the server, "down" to the client.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, target: int) -> None:
        self.target = target  # of new connections
        self.delay = 0.0  # s, each way
        self.deaf: frozenset[str] = frozenset()  # directions in which everything is swallowed
        self.is_frozen = False
        self.is_cut = False
        self.ends: set[_End] = set()
        self._loop = loop
        listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        opened = loop.create_server(lambda: _End(self, "up"), sock=listener, backlog=4_096)
        self._server = asyncio.run_coroutine_threadsafe(opened, loop).result()

    def mend(self) -> None:
        """Let everything through again; what was frozen arrives now."""
        self._do(self._mend)

    def freeze(self) -> None:
        """Hold everything back; connections stay, and new ones get no answer."""
        self._do(self._freeze)

    def cut(self) -> None:
        """Reset every connection, and every new one."""
        self._do(self._cut)

    def reset(self) -> None:
        """Reset every connection; who comes again is let through."""
        self._do(self._reset)

    def swallow(self, *directions: str) -> None:
        """Take everything and pass nothing on in these directions, and no end of a connection."""
        self.deaf = frozenset(directions)

    def close(self) -> None:
        """Cut it, and listen no more."""
        self._do(self._close)

    def _do(self, what: Callable[[], object]) -> None:
        async def call() -> None:
            what()

        asyncio.run_coroutine_threadsafe(call(), self._loop).result()

    # In the thread of the links

    def _mend(self) -> None:
        self.is_frozen, self.is_cut, self.deaf, self.delay = False, False, frozenset(), 0.0
        for end in self.ends:
            end.resume()

    def _freeze(self) -> None:
        self.is_frozen = True
        for end in self.ends:
            end.pause()

    def _reset(self) -> None:
        for end in list(self.ends):
            end.reset()

    def _cut(self) -> None:
        self.is_cut = True
        self._reset()

    def _close(self) -> None:
        self._cut()
        self._server.close()


class _End(asyncio.Protocol):
    """One of the two sockets of a connection; what it reads goes into `direction`."""

    def __init__(self, link: Link, direction: str, other: _End | None = None) -> None:
        self._link = link
        self._direction = direction
        self._other = other
        self._transport: asyncio.Transport | None = None
        self._early: list[bytes] = []
        self._gone = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._link.ends.add(self)
        if self._gone or self._link.is_cut:
            self.reset()
            return
        if self._other is None:
            self._connecting = asyncio.ensure_future(self._connect())
        for data in self._early:
            self._transport.write(data)
        if self._link.is_frozen:
            self.pause()

    async def _connect(self) -> None:
        self._other = other = _End(self._link, "down", self)
        try:
            loop = asyncio.get_running_loop()
            await loop.create_connection(lambda: other, "127.0.0.1", self._link.target)
        except OSError:
            self.reset()

    def data_received(self, data: bytes) -> None:
        if self._direction in self._link.deaf:
            return
        if self._link.delay:
            asyncio.get_running_loop().call_later(self._link.delay, self._pass, data)
        else:
            self._pass(data)

    def _pass(self, data: bytes) -> None:
        if self._other is not None:
            self._other.write(data)

    def write(self, data: bytes) -> None:
        if self._transport is None:
            self._early.append(data)
        elif not self._transport.is_closing():
            self._transport.write(data)

    def pause(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.pause_reading()

    def resume(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    def pause_writing(self) -> None:
        if self._other is not None:
            self._other.pause()

    def resume_writing(self) -> None:
        if self._other is not None and not self._link.is_frozen:
            self._other.resume()

    def reset(self) -> None:
        """End both connections at once."""
        for end in (self, self._other):
            if end is not None:
                end._abort()

    def _abort(self) -> None:
        self._gone = True
        if self._transport is not None and not self._transport.is_closing():
            sock = self._transport.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
            self._transport.abort()

    def connection_lost(self, _error: Exception | None) -> None:
        self._link.ends.discard(self)
        self._gone = True
        if self._direction not in self._link.deaf and self._other is not None:
            self._other.finish()

    def finish(self) -> None:
        """Close when everything that is on its way has been sent."""
        self._gone = True
        if self._transport is not None:
            self._transport.close()
