"""Who is at the moderators' pages: login, logout, and how long that holds."""

from __future__ import annotations

import time
from typing import Any

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import func, select
from sqlalchemy.orm import scoped_session
from werkzeug.wrappers import Response as Answer

from rendezvous.moderation.addresses import AddressHashes
from rendezvous.moderation.admin import passwords
from rendezvous.moderation.audit import noted
from rendezvous.moderation.models import Moderator

IDLE = 1_800  # s without a request, after which a login is over
LONGEST = 28_800  # s; a working day
OPEN = {"login.form", "login.enter", "admin.static", "static"}


class Cookies(SecureCookieSessionInterface):
    """Marks the cookie `Secure` when the moderator has come by TLS, to us or to our proxy."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return bool(request.environ.get("rendezvous.secure"))


class Logins:
    """Lets nobody in who has not logged in, from any page but the form itself."""

    def __init__(self, database: scoped_session[Any], hashes: AddressHashes) -> None:
        self._database = database
        self._hashes = hashes

    def guard(self, app: Flask) -> None:
        """Put the form on `app`, and the check before everything else."""
        blueprint = Blueprint("login", __name__)
        blueprint.add_url_rule("/login", "form", self.form)
        blueprint.add_url_rule("/login", "enter", self.enter, methods=["POST"])
        blueprint.add_url_rule("/logout", "leave", self.leave, methods=["POST"])
        app.register_blueprint(blueprint)
        app.before_request(self._check)

    def form(self) -> str:
        """The form; where there are no moderators yet, how to make one."""
        nobody = not self._database.scalar(select(func.count()).select_from(Moderator))
        return render_template("moderation/login.html", nobody=nobody)

    def enter(self) -> Answer | tuple[str, int]:
        """Log in: whatever the cookie said before, it is a new one."""
        name, password = request.form.get("name", ""), request.form.get("password", "")
        address = self._hashes.of(request.environ.get("rendezvous.address", ""))
        if passwords.is_throttled(self._database(), name, address):
            flash("Too many attempts; try again in a quarter of an hour.", "error")
            return self.form(), 429
        found = passwords.check(self._database(), name, password)
        if found is None:
            passwords.note_failure(self._database(), name, address)
            self._database.commit()
            flash("That is not a name and password of a moderator.", "error")
            return self.form(), 401
        session.clear()
        session.update(who=found.id, stamp=found.stamp, since=time.time(), seen=time.time())
        noted(self._database(), found.name, "log in")
        self._database.commit()
        return redirect(url_for("admin.index"))

    def leave(self) -> Answer:
        """Log out, everywhere."""
        g.moderator.stamp = passwords.new_stamp()
        noted(self._database(), g.moderator.name, "log out")
        self._database.commit()
        session.clear()
        return redirect(url_for("login.form"))

    def _check(self) -> Response | Answer | None:
        _same_site()
        g.moderator = self._known()
        if g.moderator is None and request.endpoint not in OPEN:
            if request.method not in ("GET", "HEAD"):
                abort(403)
            return redirect(url_for("login.form"))
        return None

    def _known(self) -> Moderator | None:
        moment = time.time()
        stale = moment - session.get("seen", 0) > IDLE or moment - session.get("since", 0) > LONGEST
        if "who" not in session or stale:
            return None
        found = self._database.get(Moderator, session["who"])
        if found is None or not found.active or found.stamp != session.get("stamp"):
            return None
        session["seen"] = moment
        return found


def _same_site() -> None:
    """Other pages have no business here, not even with a token that they have come by."""
    if request.method in ("GET", "HEAD"):
        return
    origin = request.headers.get("Origin")
    if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        abort(403)
    if origin is not None and origin.partition("://")[2] != request.host:
        abort(403)


def must_be(role: str) -> None:
    """Stop who has another role."""
    if g.moderator is None or g.moderator.role not in (role, "admin"):
        abort(403)
