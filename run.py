"""`python run.py`: patch first, then serve until SIGTERM or Ctrl-C."""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()  # before anything else, or what is imported keeps the blocking originals

import signal  # noqa: E402
import sys  # noqa: E402

import gevent  # noqa: E402
from gevent.event import Event  # noqa: E402

from app import app, limits_of, settings  # noqa: E402
from rendezvous.observe import log  # noqa: E402
from rendezvous.transport import Server  # noqa: E402

STOP_TIMEOUT = 5.0  # s; for requests under way, after the drain


def main() -> None:
    """Serve; exit status 0 after a drain, 1 if the address cannot be had."""
    server = Server(app, settings.host, settings.port, limits_of(settings))
    try:
        server.start()
    except OSError as error:
        sys.exit(f"rendezvous: cannot listen on {settings.host}:{settings.port}: {error.strerror}")
    log.info("serving", url=f"http://localhost:{server.port}", host=settings.host)
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, stop.set)
    stop.wait()
    app.extensions["drain"]()
    server.stop(STOP_TIMEOUT)
    log.info("stopped")


if __name__ == "__main__":
    main()
