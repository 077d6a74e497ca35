"""The Flask application: the one place where the parts meet."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Literal

from flask import Flask
from flask_socketio import SocketIO
from msgspec import structs

from assembly.parts import components_of, ending_of
from assembly.terms import limits_of, moderation_settings_of
from config import ConfigError, Settings, load_settings
from rendezvous.cleanup import Chore, CleanupService
from rendezvous.components import Components
from rendezvous.docs import docs
from rendezvous.logs import log, set_up_logs
from rendezvous.moderation.addresses import AddressHashes
from rendezvous.moderation.admin.mount import Mount
from rendezvous.moderation.directory import kept_secret, prepare_directory
from rendezvous.origins import Origins
from rendezvous.rest import RestDoor
from rendezvous.safety.address import Addresses
from rendezvous.safety.headers import Headers
from rendezvous.safety.visitor import Visitors
from rendezvous.sockets import SocketDoor, StrictJson
from rendezvous.transport import install
from rendezvous.web import WebDoor

EVIDENCE = 5.0  # s; how late what nobody may report any more is forgotten
PURGE = 3_600.0  # s; how late reports and bans that are old enough are deleted
WEB_CLIENT = Path(__file__).parent / "client" / "dist"


def create_app(settings: Settings) -> Flask:
    """Build the application; its SocketIO is `app.extensions["socketio"]`, and calling
    `app.extensions["drain"]` ends the service.
    """
    parts = components_of(settings)
    addresses = Addresses(settings.trusted_proxies)
    origins = Origins(settings.cors_origins, required=settings.require_origin)
    visitors = Visitors(settings.secret_key, addresses)

    app = Flask("rendezvous", static_folder=None)
    app.config.update(
        MAX_CONTENT_LENGTH=settings.max_body_bytes + 1,
        DEBUG=False,  # or Flask would read FLASK_DEBUG itself, and let errors through to the server
    )
    origins.guard(app)
    Headers(addresses, settings.hsts_seconds).put_on(app)
    web = WebDoor(WEB_CLIENT, visitors)
    times = (settings.rest_lease, settings.alive_within)
    rest = RestDoor(parts, settings.max_body_bytes, *times, web.welcome, visitors)
    for pages in (rest.blueprint(), web.blueprint(), docs(settings.max_message_length)):
        app.register_blueprint(pages)

    app.wsgi_app = _moderators_pages(app, parts, settings, addresses)  # type: ignore[method-assign]
    socketio = _socketio(app, origins)
    door = SocketDoor(parts, settings.max_sessions_per_socket, visitors, origins.may_act)
    server = socketio.server  # type: ignore[attr-defined]  # the stubs forget it
    engine = install(
        server,
        limits_of(settings),
        on_text=door.read,
        on_answer=door.answered,
        address_of=addresses.of,
    )
    door.open(server, engine.connection_of)
    app.extensions["drain"] = ending_of(parts, engine)
    for loop in (_cleanup(parts), parts.prospects, parts.moderation.watch):
        socketio.start_background_task(loop.run)
    return app


def _socketio(app: Flask, origins: Origins) -> SocketIO:
    return SocketIO(
        app,
        async_mode=_async_mode(),
        cors_allowed_origins=origins.may,  # type: ignore[arg-type]  # the stubs forget callables
        cors_credentials=origins.may_send_cookies,
        async_handlers=False,  # or one client's events overtake each other
        json=StrictJson,
    )


def _cleanup(parts: Components) -> CleanupService:
    chores = (
        Chore(EVIDENCE, parts.moderation.evidence.expire),
        Chore(PURGE, parts.moderation.purge),
    )
    return CleanupService(parts.switchboard, parts.courier, chores)


def _moderators_pages(
    app: Flask, parts: Components, settings: Settings, addresses: Addresses
) -> Mount:
    """`/admin`, in front of everything else; made when somebody first goes there."""
    settings_of = moderation_settings_of(settings)

    def make() -> Flask:
        # Here, on their own thread, because it takes half a second, and only moderators need it.
        from rendezvous.moderation.admin.app import AdminSettings, create_admin  # noqa: PLC0415

        hashes = AddressHashes(settings.secret_key, settings.address_key_period)
        return create_admin(
            AdminSettings(settings.secret_key, settings_of.url, hashes, settings_of.trust)
        )

    return Mount(app.wsgi_app, make, addresses, parts.moderation.watch.nudge)


def _async_mode() -> Literal["gevent", "eventlet"]:
    """Which cooperative threads the server has put under the standard library.

    Raises ConfigError if none: under real threads neither the transport nor the memory is safe.
    """
    gevent = sys.modules.get("gevent.monkey")
    if gevent is not None and gevent.is_module_patched("socket"):
        return "gevent"
    eventlet = sys.modules.get("eventlet.patcher")
    if eventlet is not None and eventlet.is_monkey_patched("socket"):
        return "eventlet"
    raise ConfigError(
        "start Rendezvous with `python run.py` or `gunicorn --worker-class gevent -w 1 app:app`"
    )


def _build() -> tuple[Settings, Flask]:
    """What `gunicorn app:app` and `run.py` serve, from the environment and `.env`."""
    settings = load_settings()
    set_up_logs(settings.log_level, for_people=settings.flask_debug)
    try:
        prepare_directory(Path(settings.data_dir))
    except OSError as error:
        raise ConfigError(f"DATA_DIR {settings.data_dir!r}: {error.strerror}") from None
    if not settings.secret_key:
        settings = structs.replace(settings, secret_key=kept_secret(Path(settings.data_dir)))
        log.warning("SECRET_KEY is not set: using a random one, kept in DATA_DIR")
    if "*" in settings.cors_origins and not settings.flask_debug:
        log.warning("CORS_ORIGINS is *: any web page may use this server")
    return settings, create_app(settings)


def _drain_on_sigterm(drain: Callable[[], None], spawn: Callable[..., object]) -> None:
    """Drain before the server's own handler, if it has one, ends the process."""
    former = signal.getsignal(signal.SIGTERM)

    def drain_then_end(signum: int, frame: FrameType | None) -> None:
        drain()
        if callable(former):
            former(signum, frame)

    signal.signal(signal.SIGTERM, lambda *received: spawn(drain_then_end, *received) and None)


try:
    settings, app = _build()
except ConfigError as error:
    sys.stderr.write(f"rendezvous: {error}\n")
    sys.exit(3)  # which gunicorn takes for "do not try again"
socketio: SocketIO = app.extensions["socketio"]
# What a native thread does in Python (imports, a query's objects) has the event loop wait for one
# millisecond at a time, not for five.
sys.setswitchinterval(0.001)
# What is here now stays: full collections, which walk it all, held everybody up for 24 ms each.
gc.collect()
gc.freeze()
_drain_on_sigterm(app.extensions["drain"], socketio.start_background_task)
