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
from limits import parse
from msgspec import structs

from config import ConfigError, Settings, load_settings
from rendezvous.cleanup import Chore, CleanupService
from rendezvous.components import Components
from rendezvous.courier import Courier
from rendezvous.docs import docs
from rendezvous.ice import IceServers, IceSettings
from rendezvous.lifecycle import Connections, Drain, Handover
from rendezvous.logs import log, set_up_logs
from rendezvous.matching import Widening
from rendezvous.messages import MessageHandler
from rendezvous.moderation import ModerationSettings, open_moderation, trust
from rendezvous.moderation.addresses import AddressHashes
from rendezvous.moderation.admin.mount import Mount
from rendezvous.moderation.directory import kept_secret, prepare_directory
from rendezvous.moderation.evidence import Bounds, Evidence, MemoryEvidence
from rendezvous.moderation.shared_evidence import SharedEvidence
from rendezvous.observe import Observer
from rendezvous.origins import Origins
from rendezvous.rest import RestDoor
from rendezvous.safety.address import Addresses
from rendezvous.safety.counters import Counters, counters_at
from rendezvous.safety.headers import Headers
from rendezvous.safety.limiter import Limiter
from rendezvous.safety.proof import ProofOfWork
from rendezvous.safety.rates import Pair, Rates
from rendezvous.safety.visitor import Visitors
from rendezvous.safety.words import TextFilter, read_words
from rendezvous.sessions import SessionManager
from rendezvous.shared_courier import SharedCourier
from rendezvous.signaling import Signaling
from rendezvous.sockets import SocketDoor, StrictJson
from rendezvous.switchboard import RedisSwitchboard, Switchboard, Terms, open_switchboard
from rendezvous.transport import Limits, install, most_connections
from rendezvous.web import WebDoor

EVIDENCE = 5.0  # s; how late what nobody may report any more is forgotten
PURGE = 3_600.0  # s; how late reports and bans that are old enough are deleted
WEB_CLIENT = Path(__file__).parent / "client" / "dist"


def create_app(settings: Settings) -> Flask:
    """Build the application; its SocketIO is `app.extensions["socketio"]`, and calling
    `app.extensions["drain"]` ends the service.
    """
    parts = _components(settings)
    addresses = Addresses(settings.trusted_proxies)
    origins = Origins(settings.cors_origins, required=settings.require_origin)

    app = Flask("rendezvous", static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=settings.max_body_bytes + 1,
        DEBUG=False,  # or Flask would read FLASK_DEBUG itself, and let errors through to the server
    )
    origins.guard(app)
    Headers(addresses, settings.hsts_seconds).put_on(app)
    visitors = Visitors(settings.secret_key, addresses)
    web = WebDoor(WEB_CLIENT, visitors)
    rest = RestDoor(parts, settings.max_body_bytes, settings.rest_lease, web.welcome, visitors)
    app.register_blueprint(rest.blueprint())
    app.register_blueprint(web.blueprint())
    app.register_blueprint(docs(settings.max_message_length))

    app.wsgi_app = _moderators_pages(app, parts, settings, addresses)  # type: ignore[method-assign]
    socketio = SocketIO(
        app,
        async_mode=_async_mode(),
        cors_allowed_origins=origins.may,  # type: ignore[arg-type]  # the stubs forget callables
        cors_credentials=origins.may_send_cookies,
        async_handlers=False,  # or one client's events overtake each other
        json=StrictJson,
    )
    door = SocketDoor(parts, settings.max_sessions_per_socket, visitors, origins.may_act)
    server = socketio.server  # type: ignore[attr-defined]  # the stubs forget it too
    limits = limits_of(settings)
    engine = install(server, limits, on_text=door.read, address_of=addresses.of)
    door.open(server, engine.connection_of)

    app.extensions["drain"] = _ending(parts, engine)
    chores = (
        Chore(EVIDENCE, parts.moderation.evidence.expire),
        Chore(PURGE, parts.moderation.purge),
    )
    cleanup = CleanupService(parts.switchboard, parts.courier, chores)
    socketio.start_background_task(cleanup.run)
    socketio.start_background_task(parts.moderation.watch.run)
    return app


def _moderators_pages(
    app: Flask, parts: Components, settings: Settings, addresses: Addresses
) -> Mount:
    """`/admin`, in front of everything else; made when somebody first goes there."""
    settings_of = _moderation_settings(settings)

    def make() -> Flask:
        # On their own thread, because it takes half a second that no start should wait for.
        from rendezvous.moderation.admin.app import AdminSettings, create_admin  # noqa: PLC0415

        hashes = AddressHashes(settings.secret_key, settings.address_key_period)
        return create_admin(
            AdminSettings(settings.secret_key, settings_of.url, hashes, settings_of.trust)
        )

    return Mount(app.wsgi_app, make, addresses, parts.moderation.watch.nudge)


def _components(settings: Settings) -> Components:
    switchboard = _switchboard(settings)
    observer = Observer(switchboard)
    ice = IceServers(_ice_settings(settings))
    evidence = _evidence(settings)
    sessions = SessionManager(switchboard)
    counters = counters_at(settings.redis_url)
    courier = _courier(switchboard, observer, ice)
    return Components(
        switchboard,
        sessions,
        MessageHandler(switchboard, settings.max_message_length, evidence.said, _judge(settings)),
        Signaling(switchboard, settings.max_signal_bytes, ice),
        courier,
        observer,
        open_moderation(
            _moderation_settings(settings), evidence, sessions, courier, observer.registry
        ),
        _limiter(settings, counters),
        _proof(settings, counters),
    )


def _moderation_settings(settings: Settings) -> ModerationSettings:
    return ModerationSettings(
        settings.secret_key,
        Path(settings.data_dir),
        settings.database_url,
        settings.max_screenshot_bytes,
        settings.max_reports_waiting,
        settings.report_retention,
        settings.address_key_period,
        trust.Terms(
            threshold=settings.suspend_at,
            age=settings.trusted_age,
            suspension=settings.suspension,
        ),
    )


def _evidence(settings: Settings) -> Evidence:
    bounds = Bounds(
        messages=settings.evidence_messages,
        all_bytes=settings.evidence_bytes,
        after=settings.report_window,
    )
    if settings.redis_url in ("", "memory://"):
        return MemoryEvidence(bounds)
    return SharedEvidence(settings.redis_url, bounds)


def _judge(settings: Settings) -> Callable[[str, str], tuple[str, bool]] | None:
    """The text filter, or nothing, which costs nothing. Raises ConfigError."""
    if settings.text_filter == "off":
        return None
    try:
        words = read_words(settings.word_lists)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"WORD_LISTS cannot be read: {error}") from None
    judge = TextFilter(words, settings.text_filter, settings.word_action, settings.no_links_for)
    return judge.judge


def _proof(settings: Settings, counters: Counters) -> ProofOfWork:
    when = settings.proof_of_work
    return ProofOfWork(
        settings.secret_key,
        counters,
        on=when != "off",
        cost=settings.proof_cost,
        rate=None if when in ("off", "always") else parse(when),
    )


def _limiter(settings: Settings, counters: Counters) -> Limiter:
    rates = rates_of(settings) if settings.rate_limits == "on" else None
    return Limiter(rates, counters, settings.secret_key)


def rates_of(settings: Settings) -> Rates:
    """The settings as the limits take them."""
    return Rates(
        starts=Pair.of(settings.starts_per_address, settings.starts_per_visitor),
        messages=Pair.of(settings.messages_per_address, settings.messages_per_visitor),
        signals=Pair.of(settings.signals_per_address, settings.signals_per_visitor),
        volume=Pair.of(settings.bytes_per_address, settings.bytes_per_visitor),
        reports=Pair.of(settings.reports_per_address, settings.reports_per_visitor),
        skip_seconds=settings.skip_seconds,
        skips_free=settings.skips_free,
        skip_cooldown=settings.skip_cooldown,
    )


def _switchboard(settings: Settings) -> Switchboard:
    try:
        return open_switchboard(settings.redis_url, _terms(settings))
    except ValueError as error:
        raise ConfigError(f"REDIS_URL has a bad value: {error}") from None


def _courier(switchboard: Switchboard, observer: Observer, ice: IceServers) -> Courier:
    if not isinstance(switchboard, RedisSwitchboard):
        return Courier(observer, ice)
    courier = SharedCourier(observer, ice, switchboard.look)
    switchboard.open(courier)
    return courier


def _ending(parts: Components, connections: Connections) -> Callable[[], None]:
    """What ends the service of this process."""
    if isinstance(parts.switchboard, RedisSwitchboard):
        return Handover(parts.switchboard, parts.courier, connections)
    return Drain(parts.sessions, parts.courier, connections)


def _ice_settings(settings: Settings) -> IceSettings:
    return IceSettings(
        settings.stun_urls,
        settings.turn_urls,
        settings.turn_secret,
        settings.turn_ttl,
        settings.ice_policy,
    )


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


def _terms(settings: Settings) -> Terms:
    limited = settings.rate_limits == "on"
    return Terms(
        reconnect_grace=settings.reconnect_grace,
        lease=settings.rest_lease,
        idle_timeout=settings.idle_timeout,
        ended_retention=settings.ended_retention,
        inbox_events=settings.inbox_events,
        inbox_bytes=settings.inbox_bytes,
        sessions_per_place=settings.sessions_per_address if limited else 0,
        sessions_per_visitor=settings.sessions_per_visitor if limited else 0,
        widening=Widening(
            arrivals=settings.match_arrivals,
            soonest=settings.match_soonest,
            latest=settings.match_latest,
            interest=settings.match_interest,
            language=settings.match_language,
        ),
        not_again=0 if settings.flask_debug else settings.not_again,
        not_again_for=settings.not_again_for,
        again_after=settings.again_after,
    )


def limits_of(settings: Settings) -> Limits:
    """The settings as the transport takes them."""
    return Limits(
        max_message_bytes=settings.max_body_bytes,
        send_queue_bytes=settings.send_queue_bytes,
        ping_interval=settings.ping_interval,
        ping_timeout=settings.ping_timeout,
        handshake_timeout=settings.handshake_timeout,
        connections=settings.max_connections or most_connections(),
        connections_per_address=settings.max_connections_per_address,
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
# What is here now stays: full collections, which walk it all, held everybody up for 24 ms each.
gc.collect()
gc.freeze()
_drain_on_sigterm(app.extensions["drain"], socketio.start_background_task)
