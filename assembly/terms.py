"""The settings as the parts take them."""

from __future__ import annotations

from pathlib import Path

from config import Settings
from rendezvous.ice import IceSettings
from rendezvous.matching import Widening
from rendezvous.moderation import ModerationSettings, trust
from rendezvous.safety.rates import Pair, Rates
from rendezvous.switchboard import Terms
from rendezvous.transport import Limits, most_connections


def terms_of(settings: Settings) -> Terms:
    """What time and room sessions are given."""
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
        alive_within=settings.alive_within,
        answer_within=settings.answer_within,
        upgrade_again_after=settings.upgrade_again_after,
        topics=settings.topics_minimum > 0,
    )


def limits_of(settings: Settings) -> Limits:
    """What the transport lets in."""
    return Limits(
        max_message_bytes=settings.max_body_bytes,
        send_queue_bytes=settings.send_queue_bytes,
        ping_interval=settings.ping_interval,
        ping_timeout=settings.ping_timeout,
        handshake_timeout=settings.handshake_timeout,
        connections=settings.max_connections or most_connections(),
        connections_per_address=settings.max_connections_per_address,
    )


def rates_of(settings: Settings) -> Rates:
    """How much everybody may do."""
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


def ice_settings_of(settings: Settings) -> IceSettings:
    """What video calls are made with."""
    return IceSettings(
        settings.stun_urls,
        settings.turn_urls,
        settings.turn_secret,
        settings.turn_ttl,
        settings.ice_policy,
    )


def moderation_settings_of(settings: Settings) -> ModerationSettings:
    """What moderation works with."""
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
