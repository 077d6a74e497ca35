"""`python run.py`: patch first, then serve until SIGTERM or Ctrl-C, in one process or several."""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()  # before anything else, or what is imported keeps the blocking originals

import argparse  # noqa: E402
import signal  # noqa: E402
import socket  # noqa: E402
import sys  # noqa: E402

import gevent  # noqa: E402
from gevent.event import Event  # noqa: E402

from config import ConfigError, Settings, load_settings  # noqa: E402
from rendezvous.demo.process import DemoBots, missing  # noqa: E402
from rendezvous.logs import log, set_up_logs  # noqa: E402
from rendezvous.safety.address import Addresses  # noqa: E402
from rendezvous.transport import Server  # noqa: E402
from rendezvous.workers.supervisor import Supervisor  # noqa: E402
from rendezvous.workers.tether import Tether  # noqa: E402

HOW_TO_GET_THEM = "`make demo` installs that, as does pip install -r requirements-demo.txt"
ANY_ADDRESS = ("", "0.0.0.0", "::")  # noqa: S104 - listened on by others, and asked for here
STOP_TIMEOUT = 5.0  # s; for requests under way, after the drain
MOST_WORKERS = 256


def main() -> None:
    """Serve; exit status 0 after a drain, 1 if the address or the bots cannot be had."""
    options = _options()
    if options.demo and missing():
        sys.exit(f"rendezvous: --demo needs {' and '.join(missing())}; {HOW_TO_GET_THEM}")
    if options.workers > 1:
        sys.exit(_supervise(options.workers))
    _serve(options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Rendezvous, set up by the environment and .env")
    parser.add_argument("--demo", action="store_true", help="add bots that talk to who is alone")
    parser.add_argument(
        "--workers", type=int, default=1, help="processes to serve with; more than 1 need REDIS_URL"
    )
    parser.add_argument("--fd", type=int, help="serve on this open socket, which listens")
    parser.add_argument("--tether", type=int, help=argparse.SUPPRESS)  # from the supervisor
    options = parser.parse_args()
    if not 1 <= options.workers <= MOST_WORKERS:
        parser.error(f"--workers is from 1 to {MOST_WORKERS}")
    if options.workers > 1 and (options.demo or options.fd is not None):
        parser.error("--workers goes with neither --demo nor --fd")
    return options


def _supervise(number: int) -> int:
    """Start that many workers and keep them alive; the exit status."""
    try:
        settings = load_settings()
    except ConfigError as error:
        sys.exit(f"rendezvous: {error}")
    if not settings.redis_url:
        sys.exit(
            f"rendezvous: {number} workers need REDIS_URL: without it each of them "
            "pairs only its own visitors; set it, or start one worker"
        )
    set_up_logs(settings.log_level, for_people=settings.flask_debug)
    with _listen(settings) as listener:
        port = listener.getsockname()[1]
        log.info("serving", url=f"http://localhost:{port}", host=settings.host, workers=number)
        status = Supervisor([sys.executable, __file__], listener, number).run()
    log.info("stopped")
    return status


def _serve(options: argparse.Namespace) -> None:
    """Be the one process, or one of several."""
    from app import app, settings, socketio  # noqa: PLC0415 - it opens what a supervisor must not
    from assembly.terms import limits_of  # noqa: PLC0415 - a supervisor has no use for it

    limits, of_peer = limits_of(settings), Addresses(settings.trusted_proxies).of_peer
    with _listen(settings, options.fd) as listener:
        engine = socketio.server.eio  # type: ignore[attr-defined]  # the stubs forget it
        server = Server(app, listener, limits, of_peer, engine)
        server.start()
        log.info("serving", url=f"http://localhost:{server.port}", host=settings.host)
        bots = _bots(settings, server.port) if options.demo else None
        _wait_for_the_end(options.tether)
        if settings.redis_url:
            server.stop_accepting()  # because others are there for who comes now
            listener.close()
        app.extensions["drain"]()
        if bots:
            bots.stop()
        server.stop(STOP_TIMEOUT)
    log.info("stopped")


def _listen(settings: Settings, descriptor: int | None = None) -> socket.socket:
    """The socket that was passed on to us, or one of our own; exits if it cannot be had."""
    host, port = settings.host, settings.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        if descriptor is not None:
            listener = socket.socket(fileno=descriptor)
        else:
            listener = socket.create_server(
                (host, port),
                family=family,
                backlog=Server.backlog,
                dualstack_ipv6=family == socket.AF_INET6 and socket.has_dualstack_ipv6(),
            )
    except OSError as error:
        sys.exit(f"rendezvous: cannot listen on {host}:{port}: {error.strerror}")
    return listener


def _bots(settings: Settings, port: int) -> DemoBots:
    host = settings.host if settings.host not in ANY_ADDRESS else "127.0.0.1"
    url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    return DemoBots(url, settings.log_level, log_for_people=settings.flask_debug)


def _wait_for_the_end(tether: int | None) -> None:
    """Wait for a signal, or for the end of a supervisor."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, stop.set)
    if tether is not None:
        Tether(tether, stop).hold()
    stop.wait()


if __name__ == "__main__":
    main()
