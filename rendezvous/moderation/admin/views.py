"""Reports, appeals, bans and the log, as lists and as pages on which one decides."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ClassVar

from flask import Response, abort, flash, g, redirect, request, url_for
from flask_admin import expose
from flask_admin.contrib.sqla import ModelView
from sqlalchemy import select
from werkzeug.wrappers import Response as Answer

from rendezvous.moderation import appeals, bans, reports, trust
from rendezvous.moderation.addresses import AddressHashes
from rendezvous.moderation.models import Report, now

Formatters = dict[str, Callable[..., str]]
DAYS = {"1": 1, "7": 7, "30": 30, "90": 90, "365": 365, "": None}
MOST_DAYS_OF_AN_ADDRESS = 90  # because addresses change hands
MOST_REASON = 200
NUMBER = re.compile(r"[0-9]{1,9}")
MOST_ANSWER = 2_000


class Listed(ModelView):  # type: ignore[misc]  # because Flask-Admin has no types
    """A list that is looked at; what changes goes through the pages' own buttons."""

    can_create = can_edit = can_delete = False
    can_view_details = True
    page_size = 50
    column_display_actions = True
    only_open = False
    """Whether the list is a queue; a filter on it shows the rest."""

    def get_query(self) -> Any:
        return self._waiting(super().get_query())

    def get_count_query(self) -> Any:
        return self._waiting(super().get_count_query())

    def find(self) -> Any:
        """What the form is about, or 404."""
        found = self.get_one(request.form.get("id", ""))
        return found if found is not None else abort(404)

    def get_one(self, id: str) -> Any:  # noqa: A002 - as Flask-Admin calls it
        """The row of that number; PostgreSQL takes it amiss if it is none."""
        return self.session.get(self.model, int(id)) if NUMBER.fullmatch(id) else None

    def back(self, said: str) -> Answer:
        """Keep what was done, and return to the list."""
        self.session.commit()
        flash(said, "success")
        return redirect(url_for(".index_view"))

    def _waiting(self, query: Any) -> Any:
        filtered = any(name.startswith("flt") for name in request.args) or "search" in request.args
        return (
            query.filter(self.model.state == "open") if self.only_open and not filtered else query
        )


class Reports(Listed):
    """The queue, the most urgent first."""

    terms = trust.Terms()
    column_list = ("priority", "made_at", "reason", "comment", "chat_type", "state", "decided_by")
    column_default_sort = ("priority", True)
    only_open = True
    column_filters = ("state", "reason", "target", "reporter")
    column_searchable_list = ("reference",)
    column_formatters: ClassVar[Formatters] = {
        "priority": lambda _view, _context, report, _name: f"{report.priority:.1f}",
        "made_at": lambda _view, _context, report, _name: f"{report.made_at:%Y-%m-%d %H:%M}",
        "comment": lambda _view, _context, report, _name: report.comment[:80],
    }
    details_template = "moderation/report.html"

    def render(self, template: str, **kwargs: Any) -> Any:
        if template == self.details_template:
            kwargs["others"] = self._others(kwargs["model"])
        return super().render(template, **kwargs)

    @expose("/decide", methods=["POST"])  # type: ignore[untyped-decorator]
    def decide(self) -> Answer:
        """Dismiss, warn or ban, and go on to the next."""
        report, by = self.find(), g.moderator.name
        if report.state != "open":
            flash("Somebody has decided this report already.", "error")
            return redirect(url_for(".details_view", id=report.id))
        action = request.form.get("action")
        if action == "dismiss":
            reports.dismiss(self.session, report, by, self.terms)
        elif action == "warn":
            reports.warn(self.session, report, by)
        elif action == "ban":
            self._ban(report, by)
        else:
            abort(400)
        self.session.commit()
        flash(f"Done: {action}.", "success")
        return self._next()

    @expose("/screenshot/<int:number>")  # type: ignore[untyped-decorator]
    def screenshot(self, number: int) -> Response:
        """The picture, as nothing but a picture."""
        report = self.get_one(str(number))
        if report is None or report.screenshot is None:
            abort(404)
        headers = {"Content-Security-Policy": "default-src 'none'; sandbox"}
        return Response(report.screenshot, content_type="image/jpeg", headers=headers)

    def _ban(self, report: Report, by: str) -> None:
        kinds = ["visitor"]
        days = DAYS.get(request.form.get("days", "7"), 7)
        if request.form.get("address"):
            kinds.append("address")
            days = min(days or MOST_DAYS_OF_AN_ADDRESS, MOST_DAYS_OF_AN_ADDRESS)
        reason = request.form.get("reason", "").strip()[:MOST_REASON]
        until = now() + timedelta(days=days) if days else None
        reason = reason or f"Reported for: {report.reason.replace('_', ' ')}"
        reports.ban(self.session, report, by, reason, until, kinds)

    def _next(self) -> Answer:
        """The most urgent one that is open, or the empty queue."""
        waiting = select(Report.id).where(Report.state == "open")
        number = self.session.scalar(waiting.order_by(Report.priority.desc()).limit(1))
        if number is None:
            return redirect(url_for(".index_view"))
        return redirect(url_for(".details_view", id=number))

    def _others(self, report: Report) -> list[Report]:
        """What else was said about the same person."""
        same = select(Report).where(Report.target == report.target, Report.id != report.id)
        return list(self.session.scalars(same.order_by(Report.made_at.desc()).limit(20)))


class Bans(Listed):
    """Who may not come in, and how to lift that or to ban somebody else."""

    hashes: AddressHashes
    column_list = ("made_at", "kind", "reason", "until", "automatic", "made_by", "lifted_at")
    column_default_sort = ("made_at", True)
    column_filters = ("kind", "automatic", "made_by", "reference")
    details_template = "moderation/ban.html"
    list_template = "moderation/bans.html"

    @expose("/lift", methods=["POST"])  # type: ignore[untyped-decorator]
    def lift(self) -> Answer:
        """Let somebody in again."""
        bans.lift(self.session, self.find(), g.moderator.name)
        return self.back("The ban is lifted.")

    @expose("/add", methods=["POST"])  # type: ignore[untyped-decorator]
    def add(self) -> Answer:
        """Ban a visitor, an address or a network by hand."""
        kind = request.form.get("kind", "")
        days = DAYS.get(request.form.get("days", "7"), 7)
        try:
            subject = self._subject(kind, request.form.get("subject", "").strip())
        except ValueError as error:
            flash(str(error), "error")
            return redirect(url_for(".index_view"))
        if kind == "address":
            days = min(days or MOST_DAYS_OF_AN_ADDRESS, MOST_DAYS_OF_AN_ADDRESS)
        until: datetime | None = now() + timedelta(days=days) if days else None
        reason = request.form.get("reason", "").strip()[:MOST_REASON] or "Against the rules"
        bans.ban(self.session, kind, subject, reason, until, g.moderator.name)
        return self.back("Banned.")

    def _subject(self, kind: str, text: str) -> str:
        """What is banned, as it is kept. Raises ValueError."""
        if kind == "network":
            return bans.network(text)
        if kind == "address":
            return self.hashes.of(bans.address(text))
        if kind == "visitor" and 0 < len(text) <= 64:
            return text
        raise ValueError("Which visitor, address or network?")


class Appeals(Listed):
    """What the banned have to say, and what they are answered."""

    column_list = ("made_at", "text", "state", "decided_by", "decided_at")
    column_default_sort = "made_at"
    only_open = True
    column_filters = ("state",)
    column_formatters: ClassVar[Formatters] = {
        "text": lambda _view, _context, appeal, _name: appeal.text[:100]
    }
    details_template = "moderation/appeal.html"

    @expose("/decide", methods=["POST"])  # type: ignore[untyped-decorator]
    def decide(self) -> Answer:
        """Grant or refuse, with an answer."""
        appeal, action = self.find(), request.form.get("action")
        if appeal.state != "open" or action not in ("grant", "refuse"):
            abort(400)
        answer = request.form.get("answer", "").strip()[:MOST_ANSWER]
        appeals.decide(self.session, appeal, g.moderator.name, answer, granted=action == "grant")
        return self.back("Answered.")


class Log(Listed):
    """Who did what."""

    can_view_details = False
    column_list = ("at", "who", "what", "about", "details")
    column_default_sort = ("id", True)
    column_filters = ("who", "what", "about")
