"""Bans in the database: made, lifted, and told to every worker's roster."""

from __future__ import annotations

from datetime import datetime
from ipaddress import ip_network

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from rendezvous.moderation.audit import changed, noted
from rendezvous.moderation.models import Ban, now
from rendezvous.moderation.references import new_reference
from rendezvous.moderation.roster import Sentence
from rendezvous.safety.address import normal

WIDEST = {4: 8, 6: 16}  # prefix lengths: a slip of the finger must not ban the world
LONGEST_IPV6_PREFIX = 64  # addresses are counted by /64, and nothing narrower can be told apart


def network(text: str) -> str:
    """A network in its normal form. Raises ValueError with a sentence for who has typed it."""
    found = ip_network(text.strip(), strict=False)
    if found.prefixlen < WIDEST[found.version]:
        raise ValueError(f"at least a /{WIDEST[found.version]}, please")
    if found.version == 6 and found.prefixlen > LONGEST_IPV6_PREFIX:
        return str(found.supernet(new_prefix=LONGEST_IPV6_PREFIX))
    return str(found)


def address(text: str) -> str:
    """An address as it is counted. Raises ValueError with a sentence for who has typed it."""
    found = normal(text)
    if not found:
        raise ValueError("That is no address.")
    return found


def ban(
    session: Session, kind: str, subject: str, reason: str, until: datetime | None, by: str
) -> Ban:
    """Ban a visitor, an address (its hash) or a network, until then or for good."""
    made = Ban(
        reference=new_reference(),
        kind=kind,
        subject=network(subject) if kind == "network" else subject,
        reason=reason,
        until=until,
        made_by=by,
    )
    session.add(made)
    noted(session, by, f"ban {kind}", made.reference, reason)
    changed(session)
    return made


def suspend(session: Session, visitor: str, until: datetime, by: str) -> Ban | None:
    """Keep a visitor out until somebody has looked, unless they are already."""
    if any(one.kind == "visitor" and one.subject == visitor for one in _in_force(session)):
        return None
    reason = "Several people have reported you; a moderator will look at it."
    made = Ban(
        reference=new_reference(),
        kind="visitor",
        subject=visitor,
        reason=reason,
        automatic=True,
        until=until,
        made_by=by,
    )
    session.add(made)
    noted(session, by, "suspend", made.reference)
    changed(session)
    return made


def lift(session: Session, lifted: Ban, by: str) -> None:
    """Let somebody in again; nothing happens the second time."""
    if lifted.lifted_at is None:
        lifted.lifted_at, lifted.lifted_by = now(), by
        noted(session, by, "lift", lifted.reference)
        changed(session)


def lift_suspensions(session: Session, visitor: str, by: str) -> None:
    """What reports alone have brought about ends when somebody has dismissed them."""
    for suspension in _in_force(session):
        if suspension.automatic and suspension.subject == visitor:
            lift(session, suspension, by)


def sentences(session: Session) -> list[Sentence]:
    """Every ban in force, as the roster takes it."""
    return [sentence(each) for each in _in_force(session)]


def sentence(made: Ban) -> Sentence:
    """A ban as its subject is told of it."""
    appeal = made.appeal
    return Sentence(
        made.reference,
        made.kind,
        made.subject,
        made.reason,
        made.until,
        appeal.state if appeal else "none",
        appeal.answer if appeal else "",
    )


def _in_force(session: Session) -> list[Ban]:
    in_force = select(Ban).where(
        Ban.lifted_at.is_(None), or_(Ban.until.is_(None), Ban.until > now())
    )
    return list(session.scalars(in_force))
