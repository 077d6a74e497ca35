"""What time does to what is kept: the periods that docs/privacy.md promises."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from rendezvous.moderation.models import Attempt, Ban, Block, Entry, Report, Warned, now

BLOCKS = timedelta(days=366)  # by then the cookies that they are about are gone
AUDIT = timedelta(days=730)  # a year's report can be checked for another year
ATTEMPTS = timedelta(days=1)


def purge(session: Session, period: float) -> int:
    """Delete what is older than its period, `period` seconds for reports and bans that are over.

    Returns how many rows that were.
    """
    moment = now()
    old = moment - timedelta(seconds=period)
    over = or_(Ban.lifted_at < old, Ban.until < old)
    deletions = (
        delete(Report).where(Report.made_at < old),
        delete(Warned).where(Warned.made_at < old),
        delete(Ban).where(over),
        delete(Block).where(Block.made_at < moment - BLOCKS),
        delete(Entry).where(Entry.at < moment - AUDIT),
        delete(Attempt).where(Attempt.at < moment - ATTEMPTS),
    )
    connection = session.connection()
    return sum(connection.execute(each).rowcount for each in deletions)
