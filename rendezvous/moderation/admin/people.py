"""The moderators themselves; for admins only."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, request, url_for
from flask_admin import expose
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from rendezvous.moderation.admin import passwords
from rendezvous.moderation.admin.login import must_be
from rendezvous.moderation.admin.views import Listed
from rendezvous.moderation.audit import noted
from rendezvous.moderation.models import Moderator

ROLES = ("moderator", "admin")


def create(session: Session, name: str, password: str, role: str, by: str) -> Moderator:
    """Make a moderator. Raises ValueError with a sentence for who does it."""
    name = name.strip()
    if not name or len(name) > 64 or not name.isprintable():
        raise ValueError("A name has 1 to 64 characters.")
    if role not in ROLES:
        raise ValueError("A role is moderator or admin.")
    if session.scalar(select(Moderator).where(Moderator.name == name)):
        raise ValueError("There is somebody of that name already.")
    stamp, password = passwords.new_stamp(), passwords.hashed(password)
    made = Moderator(name=name, password=password, role=role, stamp=stamp)
    session.add(made)
    noted(session, by, "create moderator", name, role)
    return made


def set_password(session: Session, moderator: Moderator, password: str, by: str) -> None:
    """Give somebody another password, which ends their logins. Raises ValueError."""
    moderator.password, moderator.stamp = passwords.hashed(password), passwords.new_stamp()
    noted(session, by, "set password", moderator.name)


class Moderators(Listed):
    """Who decides here."""

    column_list = ("name", "role", "active", "made_at")
    column_default_sort = "name"
    can_view_details = False
    list_template = "moderation/people.html"

    def is_accessible(self) -> bool:
        return g.get("moderator") is not None and g.moderator.role == "admin"

    def inaccessible_callback(self, name: str, **kwargs: Any) -> Any:
        must_be("admin")

    @expose("/add", methods=["POST"])  # type: ignore[untyped-decorator]
    def add(self) -> Answer:
        """Make a moderator."""
        form = request.form
        name, password, role = (form.get(field, "") for field in ("name", "password", "role"))
        try:
            create(self.session, name, password, role, g.moderator.name)
        except ValueError as error:
            flash(str(error), "error")
            return redirect(url_for(".index_view"))
        return self.back("Made.")

    @expose("/toggle", methods=["POST"])  # type: ignore[untyped-decorator]
    def toggle(self) -> Answer:
        """Close an account, or open it again; a closed one is out at once."""
        moderator = self.find()
        if moderator.id == g.moderator.id:
            flash("Somebody else has to close your account.", "error")
            return redirect(url_for(".index_view"))
        moderator.active = not moderator.active
        what = "open account" if moderator.active else "close account"
        noted(self.session, g.moderator.name, what, moderator.name)
        return self.back("Done.")
