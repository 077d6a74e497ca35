"""What was done and by whom, and how often in a year; the caller's transaction holds both."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from rendezvous.moderation.models import Entry, State, Tally, now

SYSTEM = "the system"  # who does what no person has decided


def noted(session: Session, who: str, what: str, about: str = "", details: str = "") -> None:
    """Write a line of the audit log, and count it for the year's figures."""
    session.add(Entry(who=who, what=what, about=about, details=details))
    counted(session, what)


def counted(session: Session, what: str) -> None:
    """Count something that happened, in its year."""
    year = now().year
    counting = update(Tally).where(Tally.year == year, Tally.what == what)
    counting = counting.values(count=Tally.count + 1)
    session.flush()
    if session.connection().execute(counting).rowcount:
        return
    try:
        with session.begin_nested():
            session.add(Tally(year=year, what=what, count=1))
    except IntegrityError:  # another worker was quicker
        session.connection().execute(counting)


def changed(session: Session) -> None:
    """Let every worker see that bans, blocks or warnings are not what they were."""
    session.execute(update(State).values(version=State.version + 1))
