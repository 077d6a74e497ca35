"""Puts moderation together from plain values."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct
from prometheus_client import CollectorRegistry

from rendezvous.courier import Courier
from rendezvous.moderation import trust
from rendezvous.moderation.addresses import AddressHashes
from rendezvous.moderation.desk import Desk
from rendezvous.moderation.evidence import Evidence
from rendezvous.moderation.figures import Figures
from rendezvous.moderation.office import Moderation
from rendezvous.moderation.spool import Spool
from rendezvous.sessions import SessionManager

SPOOL = "spool"
SQLITE = "rendezvous.db"


class ModerationSettings(Struct, frozen=True):
    """Where things are, how many wait, and for how long they count; times in seconds."""

    secret: str
    directory: Path
    database_url: str = ""
    max_screenshot: int = 524_288
    max_waiting: int = 1_000
    retention: float = 7_776_000
    address_key_period: float = 2_592_000
    trust: trust.Terms = trust.Terms()

    @property
    def url(self) -> str:
        """The database: SQLite in the directory, if no other is named."""
        return url_of(self.database_url, self.directory)


def url_of(database_url: str, directory: Path) -> str:
    """The database that is named, or SQLite in the directory."""
    return database_url or f"sqlite:///{directory.absolute() / SQLITE}"


def open_moderation(
    settings: ModerationSettings,
    evidence: Evidence,
    sessions: SessionManager,
    courier: Courier,
    registry: CollectorRegistry,
) -> Moderation:
    """The front office; nothing is asked of the database yet."""
    spool = Spool(settings.directory / SPOOL, settings.max_waiting)
    desk = Desk(settings.url, spool, settings.trust, settings.retention)
    hashes = AddressHashes(settings.secret, settings.address_key_period)
    return Moderation(
        desk,
        spool,
        evidence,
        hashes,
        sessions,
        courier,
        settings.max_screenshot,
        Figures(registry),
    )
