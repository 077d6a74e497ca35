"""The components, built from the settings. Raises ConfigError where one of those is bad."""

from __future__ import annotations

from collections.abc import Callable

from limits import parse

from assembly.terms import ice_settings_of, moderation_settings_of, rates_of, terms_of
from config import ConfigError, Settings
from rendezvous.admission import Admission
from rendezvous.components import Components
from rendezvous.courier import Courier
from rendezvous.ice import IceServers
from rendezvous.lifecycle import Connections, Drain, Handover
from rendezvous.meetings import Meetings
from rendezvous.messages import MessageHandler
from rendezvous.moderation import open_moderation
from rendezvous.moderation.evidence import Bounds, Evidence, MemoryEvidence
from rendezvous.moderation.shared_evidence import SharedEvidence
from rendezvous.observe import Observer
from rendezvous.prospects import Prospects
from rendezvous.questions import Questions
from rendezvous.safety.counters import Counters, counters_at
from rendezvous.safety.limiter import Limiter
from rendezvous.safety.proof import ProofOfWork
from rendezvous.safety.words import TextFilter, read_words
from rendezvous.sessions import SessionManager
from rendezvous.shared_courier import SharedCourier
from rendezvous.signaling import Signaling
from rendezvous.switchboard import RedisSwitchboard, Switchboard, open_switchboard
from rendezvous.topics import TopicsPage


def components_of(settings: Settings) -> Components:
    """Each part once."""
    switchboard = _switchboard(settings)
    observer = Observer(switchboard)
    ice = IceServers(ice_settings_of(settings))
    evidence = _evidence(settings)
    sessions = SessionManager(switchboard)
    counters = counters_at(settings.redis_url)
    courier = _courier(switchboard, observer, ice)
    moderation = open_moderation(
        moderation_settings_of(settings), evidence, sessions, courier, observer.registry
    )
    texts = _filter(settings)
    meetings = Meetings(switchboard, settings.secret_key, settings.meet_again_for)
    limiter, proof = _limiter(settings, counters), _proof(settings, counters)
    questions = Questions(texts.censor if texts else None)
    return Components(
        switchboard,
        Admission(sessions, moderation, limiter, proof, meetings, questions),
        sessions,
        MessageHandler(
            switchboard, settings.max_message_length, evidence.said, texts.judge if texts else None
        ),
        Signaling(switchboard, settings.max_signal_bytes, ice, settings.upgrade_again_after),
        meetings,
        courier,
        observer,
        moderation,
        limiter,
        proof,
        Prospects(switchboard, courier, settings.waiting_interval),
        TopicsPage(switchboard, settings.topics_minimum, texts.approves if texts else None),
    )


def ending_of(parts: Components, connections: Connections) -> Callable[[], None]:
    """What ends the service of this process."""
    if isinstance(parts.switchboard, RedisSwitchboard):
        return Handover(parts.switchboard, parts.courier, connections)
    return Drain(parts.sessions, parts.courier, connections)


def _switchboard(settings: Settings) -> Switchboard:
    try:
        return open_switchboard(settings.redis_url, terms_of(settings))
    except ValueError as error:
        raise ConfigError(f"REDIS_URL has a bad value: {error}") from None


def _courier(switchboard: Switchboard, observer: Observer, ice: IceServers) -> Courier:
    if not isinstance(switchboard, RedisSwitchboard):
        return Courier(observer, ice)
    courier = SharedCourier(observer, ice, switchboard.look)
    switchboard.open(courier)
    return courier


def _evidence(settings: Settings) -> Evidence:
    bounds = Bounds(
        messages=settings.evidence_messages,
        all_bytes=settings.evidence_bytes,
        after=settings.report_window,
    )
    if settings.redis_url in ("", "memory://"):
        return MemoryEvidence(bounds)
    return SharedEvidence(settings.redis_url, bounds)


def _filter(settings: Settings) -> TextFilter | None:
    """The text filter, or nothing, which costs nothing. Raises ConfigError."""
    if settings.text_filter == "off":
        return None
    try:
        words = read_words(settings.word_lists)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"WORD_LISTS cannot be read: {error}") from None
    return TextFilter(words, settings.text_filter, settings.word_action, settings.no_links_for)


def _limiter(settings: Settings, counters: Counters) -> Limiter:
    rates = rates_of(settings) if settings.rate_limits == "on" else None
    return Limiter(rates, counters, settings.secret_key)


def _proof(settings: Settings, counters: Counters) -> ProofOfWork:
    when = settings.proof_of_work
    return ProofOfWork(
        settings.secret_key,
        counters,
        on=when != "off",
        cost=settings.proof_cost,
        rate=None if when in ("off", "always") else parse(when),
    )
