"""Appeals in the database: one for each ban, read and answered by a person."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from rendezvous.moderation import bans
from rendezvous.moderation.audit import changed, counted, noted
from rendezvous.moderation.models import Appeal, Ban, now
from rendezvous.moderation.roster import Sentence
from rendezvous.refusals import Refused


def appeal(session: Session, reference: str, text: str) -> Sentence:
    """Object to a ban. Raises Refused: "ban_not_found", "already_appealed"."""
    made = _find(session, reference)
    if made.appeal is not None:
        raise Refused("already_appealed")
    made.appeal = Appeal(text=text, state="open", answer="")
    counted(session, "appeal")
    changed(session)
    session.flush()
    return bans.sentence(made)


def standing(session: Session, reference: str) -> tuple[Sentence, bool]:
    """A ban and its appeal, and whether it has been lifted. Raises Refused("ban_not_found")."""
    made = _find(session, reference)
    return bans.sentence(made), made.lifted_at is not None


def decide(session: Session, made: Appeal, by: str, answer: str, *, granted: bool) -> None:
    """Answer an appeal; one that is granted lifts the ban."""
    made.state = "granted" if granted else "refused"
    made.answer, made.decided_at, made.decided_by = answer, now(), by
    noted(session, by, "grant appeal" if granted else "refuse appeal", made.ban.reference)
    if granted:
        bans.lift(session, made.ban, by)
    changed(session)


def _find(session: Session, reference: str) -> Ban:
    made = session.scalar(select(Ban).where(Ban.reference == reference))
    if made is None:
        raise Refused("ban_not_found")
    return made
