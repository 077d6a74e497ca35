"""`python run.py`: patch first, then serve until SIGTERM or Ctrl-C."""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()  # before anything else, or what is imported keeps the blocking originals

import argparse  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402

import gevent  # noqa: E402
from gevent.event import Event  # noqa: E402

from app import app, limits_of, settings  # noqa: E402
from rendezvous.demo.process import DemoBots, missing  # noqa: E402
from rendezvous.observe import log  # noqa: E402
from rendezvous.safety.address import Addresses  # noqa: E402
from rendezvous.transport import Server  # noqa: E402

HOW_TO_GET_THEM = "`make demo` installs that, as does pip install -r requirements-demo.txt"
ANY_ADDRESS = ("", "0.0.0.0", "::")  # noqa: S104 - listened on by others, and asked for here
STOP_TIMEOUT = 5.0  # s; for requests under way, after the drain


def main() -> None:
    """Serve; exit status 0 after a drain, 1 if the address or the bots cannot be had."""
    with_bots = _wants_bots()
    limits, of_peer = limits_of(settings), Addresses(settings.trusted_proxies).of_peer
    server = Server(app, settings.host, settings.port, limits, of_peer)
    try:
        server.start()
    except OSError as error:
        sys.exit(f"rendezvous: cannot listen on {settings.host}:{settings.port}: {error.strerror}")
    log.info("serving", url=f"http://localhost:{server.port}", host=settings.host)
    bots = _bots(server.port) if with_bots else None
    _wait_for_a_signal()
    app.extensions["drain"]()
    if bots:
        bots.stop()
    server.stop(STOP_TIMEOUT)
    log.info("stopped")


def _wants_bots() -> bool:
    """Whether the command line asks for them; exits if they are asked for and not installed."""
    parser = argparse.ArgumentParser(description="Rendezvous, set up by the environment and .env")
    parser.add_argument("--demo", action="store_true", help="add bots that talk to who is alone")
    if not parser.parse_args().demo:
        return False
    if missing():
        sys.exit(f"rendezvous: --demo needs {' and '.join(missing())}; {HOW_TO_GET_THEM}")
    return True


def _bots(port: int) -> DemoBots:
    host = settings.host if settings.host not in ANY_ADDRESS else "127.0.0.1"
    url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    return DemoBots(url, settings.log_level, log_for_people=settings.flask_debug)


def _wait_for_a_signal() -> None:
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, stop.set)
    stop.wait()


if __name__ == "__main__":
    main()
