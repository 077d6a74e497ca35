"""Passwords as they are kept, and the logins that have to wait because others have failed."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.security import check_password_hash, generate_password_hash

from rendezvous.moderation.models import Attempt, Moderator, now

METHOD = "scrypt:32768:8:3"  # one of those that OWASP's Password Storage Cheat Sheet asks for
SHORTEST, LONGEST = 12, 200
WINDOW = timedelta(minutes=15)
NOBODY = generate_password_hash(secrets.token_hex(), METHOD)  # so that no name answers sooner


def hashed(password: str) -> str:
    """As it is kept. Raises ValueError with a sentence for who has chosen it."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise ValueError(f"A password has {SHORTEST} to {LONGEST} characters.")
    return generate_password_hash(password, METHOD)


def is_throttled(session: Session, name: str, address: str) -> bool:
    """Whether too many logins have failed lately: of this name from there, from there, or of it."""
    since = now() - WINDOW
    for key, most in _keys(name, address):
        count = select(func.count()).where(Attempt.key == key, Attempt.at > since)
        if (session.scalar(count) or 0) >= most:
            return True
    return False


def note_failure(session: Session, name: str, address: str) -> None:
    """Another one that has failed."""
    session.add_all(Attempt(key=key) for key, _ in _keys(name, address))


def check(session: Session, name: str, password: str) -> Moderator | None:
    """Who logs in so; takes as long when there is nobody of that name."""
    found = session.scalar(select(Moderator).where(Moderator.name == name))
    matches = check_password_hash(found.password if found else NOBODY, password[:LONGEST])
    return found if found is not None and found.active and matches else None


def new_stamp() -> str:
    """A mark that logins carry; another one ends them all."""
    return secrets.token_hex(16)


def _keys(name: str, address: str) -> tuple[tuple[str, int], ...]:
    # The last is wide, because otherwise anybody could keep a moderator out by failing for them.
    return (
        (f"both {name[:64]} {address}", 5),
        (f"address {address}", 20),
        (f"name {name[:64]}", 100),
    )
