"""`python -m tests.transport.autobahn.echo_server PORT`: the driver, without Engine.IO above it."""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()  # before the rest is imported, or it would keep the blocking originals

import sys  # noqa: E402
from typing import Any  # noqa: E402

import gevent  # noqa: E402

from rendezvous.transport import Limits, Server  # noqa: E402
from rendezvous.transport.deadlines import Deadlines  # noqa: E402
from rendezvous.transport.frames import binary_frame, text_frame  # noqa: E402
from rendezvous.transport.handshake import accept  # noqa: E402
from rendezvous.transport.on_gevent import GeventDriver  # noqa: E402
from rendezvous.transport.websocket import WebSocket  # noqa: E402

LARGEST = 20_000_000  # bytes; the suite's largest message has 16 MiB

driver = GeventDriver()
deadlines = Deadlines(gevent.sleep)
linger = deadlines.after(2.0, WebSocket.dispose)


class Echo:
    """Sends back what it hears."""

    websocket: WebSocket

    def heard_text(self, text: str) -> None:
        self.websocket.write(text_frame(text.encode()))

    def heard_binary(self, data: bytes) -> None:
        self.websocket.write(binary_frame(data))

    def lost(self, error: bool) -> None:
        pass


def application(environ: dict[str, Any], _start_response: Any) -> Any:
    response = accept(environ)
    sock, released = driver.take(environ)
    echo = Echo()
    echo.websocket = WebSocket(
        sock,
        driver,
        echo,
        max_message_bytes=LARGEST,
        send_queue_bytes=2 * LARGEST,
        linger=linger,
        released=released,
    )
    echo.websocket.write(response)
    driver.run(echo.websocket)
    return driver.leave(environ)


if __name__ == "__main__":
    gevent.spawn(deadlines.run)
    Server(application, ("127.0.0.1", int(sys.argv[1])), Limits()).serve_forever()
