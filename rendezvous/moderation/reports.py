"""Reports in the database: stored once, weighed, and decided."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from rendezvous.moderation import bans, trust
from rendezvous.moderation.audit import SYSTEM, changed, counted, noted
from rendezvous.moderation.models import Report, Warned, now
from rendezvous.moderation.spool import Filed

UPHELD = ("warned", "banned")


def store(session: Session, filed: Filed, terms: trust.Terms) -> bool:
    """Put a report into the queue, once, and do what follows from it; False if it was there."""
    if session.scalar(select(Report.id).where(Report.reference == filed.reference)):
        return False
    report = Report(
        reference=filed.reference,
        made_at=filed.made_at,
        reason=filed.reason,
        comment=filed.comment,
        chat_type=filed.chat_type,
        reporter=filed.reporter,
        reporter_address=filed.reporter_address,
        reporter_since=filed.reporter_since,
        target=filed.target,
        target_address=filed.target_address,
        evidence=filed.evidence,
        screenshot=filed.screenshot,
    )
    session.add(report)
    session.flush()
    counted(session, f"report {filed.reason}")
    weigh(session, filed.target, terms)
    return True


def weigh(session: Session, target: str, terms: trust.Terms) -> None:
    """Order the open reports against somebody, and suspend them if those weigh enough."""
    if not target:
        return
    since = now() - timedelta(seconds=terms.window)
    open_ones = select(Report).where(
        Report.target == target, Report.state == "open", Report.made_at > since
    )
    reports = list(session.scalars(open_ones))
    reporters = [_reporter(session, each) for each in reports]
    for report, reporter in zip(reports, reporters, strict=True):
        report.weight = trust.weight(reporter, terms)
        report.priority = trust.priority(report.reason, reporters, terms)
    if trust.suspends(reporters, terms):
        bans.suspend(session, target, now() + timedelta(seconds=terms.suspension), SYSTEM)


def dismiss(session: Session, report: Report, by: str, terms: trust.Terms) -> None:
    """Find nothing wrong: what reports alone have brought about ends, and others weigh anew."""
    _decide(report, "dismissed", by)
    noted(session, by, "dismiss", report.reference)
    session.flush()
    bans.lift_suspensions(session, report.target, by)
    weigh(session, report.target, terms)


def warn(session: Session, report: Report, by: str) -> None:
    """Tell the reported that this must not happen again, now or when they come back."""
    _decide(report, "warned", by)
    session.add(Warned(visitor=report.target, reason=report.reason))
    noted(session, by, "warn", report.reference)
    changed(session)


def ban(
    session: Session, report: Report, by: str, reason: str, until: datetime | None, kinds: list[str]
) -> None:
    """Ban the reported: their visitor, their address, or both. The other open reports against them
    are settled with it.
    """
    subjects = {"visitor": report.target, "address": report.target_address}
    for kind in kinds:
        if subjects[kind]:
            bans.ban(session, kind, subjects[kind], reason, until, by)
    same = select(Report).where(Report.target == report.target, Report.state == "open")
    for each in {report, *session.scalars(same)}:
        _decide(each, "banned", by)
    noted(session, by, "uphold", report.reference)


def _decide(report: Report, state: str, by: str) -> None:
    report.state, report.decided_at, report.decided_by = state, now(), by


def _reporter(session: Session, report: Report) -> trust.Reporter:
    """Who has made a report, and how their earlier ones were decided."""
    mine = Report.reporter == report.reporter
    states = select(Report.state, func.count()).where(mine).group_by(Report.state)
    decided = {state: count for state, count in session.execute(states)}  # noqa: C416 - of Rows
    since = report.reporter_since
    age = (report.made_at - since).total_seconds() if since else 0.0
    return trust.Reporter(
        report.reporter,
        report.reporter_address,
        age,
        sum(decided.get(state, 0) for state in UPHELD),
        decided.get("dismissed", 0),
    )
