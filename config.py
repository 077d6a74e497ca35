"""Settings: every variable, its type and its default, from the environment and `.env`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, get_origin, get_type_hints

import msgspec
from dotenv import dotenv_values
from msgspec import Meta

EXAMPLE_SECRET_KEYS = {"your-super-secret-key-here", "your-production-secret-key"}
SECRETS = {
    "SECRET_KEY",
    "DATABASE_URL",
    "REDIS_URL",
    "TURN_SECRET",
}  # never shown, not even when they are wrong
ORIGIN = re.compile(r"https?://[^/\s*]+")
REDIS_URL = re.compile(r"memory://|rediss?(\+cluster)?://[^/\s]+(/\S*)?|unix://\S+")
DATABASE = re.compile(r"(sqlite:///.+|postgres(ql)?(\+psycopg)?://.+)")
ICE_HOST = r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?"
STUN_URL = re.compile(rf"stuns?:{ICE_HOST}")  # RFC 7064
TURN_URL = re.compile(rf"turns?:{ICE_HOST}(\?transport=(udp|tcp))?")  # RFC 7065

Seconds = Annotated[float, Meta(gt=0, le=86_400 * 30)]
Period = Annotated[float, Meta(gt=0, le=86_400 * 366)]
Bytes = Annotated[int, Meta(ge=1_024, le=16 * 1_048_576)]
Wait = Annotated[float, Meta(ge=0, le=3_600)]
Share = Annotated[float, Meta(ge=0, le=1)]
Number = Annotated[int, Meta(ge=1, le=1_000_000)]
Count = Annotated[int, Meta(ge=0, le=1_000_000)]
Rate = Annotated[str, Meta(pattern=r"^[1-9][0-9]{0,11}/(second|minute|hour|day)$")]
When = Annotated[str, Meta(pattern=r"^(off|always|[1-9][0-9]{0,11}/(second|minute|hour|day))$")]
Port = Annotated[int, Meta(ge=0, le=65_535)]

MOST_PARTNERS = 25  # fewer than a switchboard asks in one corner (rendezvous.matching.CANDIDATES)


class ConfigError(Exception):
    """A setting is wrong; the text is one line that names it."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The variables that Rendezvous reads, in lower case; `.env.example` explains them."""

    secret_key: str = ""
    data_dir: str = "data"
    database_url: str = ""
    flask_debug: bool = False
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = "INFO"
    host: str = "0.0.0.0"  # noqa: S104 - reachable, as a server in a container has to be
    port: Port = 5000
    redis_url: str = ""
    cors_origins: tuple[str, ...] = ()
    require_origin: bool = False
    hsts_seconds: Annotated[int, Meta(ge=0)] = 31_536_000
    stun_urls: tuple[str, ...] = ("stun:stun.l.google.com:19302",)
    turn_urls: tuple[str, ...] = ()
    turn_secret: str = ""
    turn_ttl: Annotated[int, Meta(ge=60, le=86_400)] = 3_600
    ice_policy: Literal["all", "relay"] = "all"

    max_message_length: Number = 2_000
    max_signal_bytes: Bytes = 32_768
    max_body_bytes: Bytes = 65_536
    max_sessions_per_socket: Number = 16
    max_connections: Annotated[int, Meta(ge=0)] = 0
    max_connections_per_address: Count = 100
    trusted_proxies: Annotated[int, Meta(ge=0, le=8)] = 0
    send_queue_bytes: Bytes = 262_144
    inbox_events: Number = 256
    inbox_bytes: Bytes = 262_144

    max_screenshot_bytes: Bytes = 524_288
    evidence_messages: Number = 50
    evidence_bytes: Annotated[int, Meta(ge=1_048_576)] = 67_108_864
    max_reports_waiting: Number = 1_000
    suspend_at: Annotated[float, Meta(ge=0, le=1_000)] = 3
    trusted_age: Period = 86_400
    suspension: Seconds = 86_400
    report_window: Seconds = 600
    report_retention: Period = 7_776_000
    address_key_period: Period = 2_592_000
    rate_limits: Literal["on", "off"] = "on"
    sessions_per_address: Count = 20
    sessions_per_visitor: Count = 5
    starts_per_address: Rate = "120/minute"
    starts_per_visitor: Rate = "30/minute"
    messages_per_address: Rate = "1200/minute"
    messages_per_visitor: Rate = "120/minute"
    signals_per_address: Rate = "6000/minute"
    signals_per_visitor: Rate = "600/minute"
    bytes_per_address: Rate = "20000000/minute"
    bytes_per_visitor: Rate = "4000000/minute"
    reports_per_address: Rate = "30/hour"
    reports_per_visitor: Rate = "10/hour"
    skip_seconds: Annotated[float, Meta(ge=0, le=60)] = 3
    skips_free: Count = 5
    skip_cooldown: Seconds = 60
    text_filter: Literal["off", "light", "strict"] = "off"
    word_lists: tuple[str, ...] = ()
    word_action: Literal["warn", "mask", "refuse"] = "mask"
    no_links_for: Annotated[float, Meta(ge=0, le=86_400)] = 0
    proof_of_work: When = "off"
    proof_cost: Annotated[int, Meta(ge=1, le=1_000_000)] = 1_000

    match_arrivals: Annotated[float, Meta(ge=0, le=1_000)] = 2.4
    match_interest: Share = 0.1
    match_language: Share = 1.0
    topics_minimum: Count = 3
    not_again: Annotated[int, Meta(ge=0, le=MOST_PARTNERS)] = 20

    reconnect_grace: Seconds = 15
    rest_lease: Seconds = 30
    idle_timeout: Seconds = 1_800
    ended_retention: Seconds = 60
    again_after: Seconds = 60
    alive_within: Annotated[float, Meta(ge=0, le=86_400)] = 5
    answer_within: Seconds = 2
    upgrade_again_after: Seconds = 60
    meet_again_for: Period = 2_592_000
    not_again_for: Seconds = 3_600
    match_soonest: Wait = 0.65
    match_latest: Wait = 2.5
    waiting_interval: Seconds = 3
    ping_interval: Seconds = 7
    ping_timeout: Seconds = 6
    handshake_timeout: Seconds = 10


def load_settings(directory: Path = Path(), environ: Mapping[str, str] = os.environ) -> Settings:
    """Read `.env` in `directory`, then the environment, which wins.

    An empty value is no value, except for a list, where it is the empty list.
    Raises ConfigError for a bad value, and for a name in `.env` that no setting has.
    """
    dotenv = dotenv_values(directory / ".env")
    _refuse_unknown(dotenv)
    given = {**dotenv, **environ}
    values: dict[str, Any] = {}
    for name, kind in get_type_hints(Settings, include_extras=True).items():
        text = given.get(name.upper())
        if text or (text == "" and get_origin(kind) is tuple):
            values[name] = _convert(name.upper(), kind, text)
    return _checked(Settings(**values))


def _refuse_unknown(names: Iterable[str]) -> None:
    """A misspelt name would otherwise be a setting that silently does nothing."""
    known = [name.upper() for name in Settings.__struct_fields__]
    for name in names:
        if name not in known:
            near = get_close_matches(name.upper(), known, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise ConfigError(f"{name} in .env is not a setting{hint}")


def _convert(name: str, kind: Any, text: str) -> Any:
    value: object = text.strip()
    if get_origin(kind) is tuple:
        value = [part.strip() for part in text.split(",") if part.strip()]
    try:
        return msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError as error:
        shown = "" if name in SECRETS else f" {text!r}"
        raise ConfigError(f"{name} has a bad value{shown}: {error}") from None


def _checked(settings: Settings) -> Settings:
    """What no single type can say."""
    if settings.redis_url and not REDIS_URL.fullmatch(settings.redis_url):
        raise ConfigError(
            "REDIS_URL has a bad value: want redis://host[:port], rediss://, unix:// "
            "or redis+cluster://"
        )
    for origin in settings.cors_origins:
        if origin != "*" and not ORIGIN.fullmatch(origin):
            raise ConfigError(f"CORS_ORIGINS has a bad value {origin!r}: want https://host[:port]")
    _check_ice(settings)
    if settings.database_url and not DATABASE.fullmatch(settings.database_url):
        raise ConfigError(
            "DATABASE_URL has a bad value: want sqlite:////file or postgresql://user:secret@host/name"
        )
    if not settings.flask_debug and settings.secret_key in EXAMPLE_SECRET_KEYS:
        raise ConfigError("SECRET_KEY is the example's; give it a value of your own")
    return settings


def _check_ice(settings: Settings) -> None:
    """STUN, TURN and their policy belong together."""
    for name, url, form in (
        *(("STUN_URLS", url, STUN_URL) for url in settings.stun_urls),
        *(("TURN_URLS", url, TURN_URL) for url in settings.turn_urls),
    ):
        if not form.fullmatch(url):
            want = f"{name[:4].lower()}:host[:port]"
            raise ConfigError(f"{name} has a bad value {url!r}: want {want}")
    if settings.turn_urls and not settings.turn_secret:
        raise ConfigError("TURN_URLS needs TURN_SECRET, coturn's static-auth-secret")
    if settings.ice_policy == "relay" and not settings.turn_urls:
        raise ConfigError("ICE_POLICY is relay, which needs TURN_URLS and TURN_SECRET")
