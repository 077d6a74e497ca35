"""The application behind `/admin`, put together."""

from __future__ import annotations

import secrets
import warnings
from typing import Any

from flask import Flask, Response, g
from flask_admin import Admin
from flask_admin.theme import Bootstrap4Theme
from flask_wtf.csrf import CSRFProtect
from msgspec import Struct
from sqlalchemy.exc import DataError
from sqlalchemy.orm import scoped_session, sessionmaker

from rendezvous.moderation import trust
from rendezvous.moderation.addresses import AddressHashes
from rendezvous.moderation.admin.home import Home
from rendezvous.moderation.admin.login import Cookies, Logins
from rendezvous.moderation.admin.people import Moderators
from rendezvous.moderation.admin.views import Appeals, Bans, Log, Reports
from rendezvous.moderation.admin.yearly import Yearly
from rendezvous.moderation.database import Database
from rendezvous.moderation.models import Appeal, Ban, Entry, Moderator, Report

CSP = {
    "default-src": "'none'",
    "script-src": "'nonce-{nonce}'",
    "style-src": "'self'",
    "img-src": "'self' data:",  # Bootstrap's own icons are data: URLs in its style sheet
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    # Not `no-referrer`, with which browsers would send `Origin: null` with our own forms.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
A_DAY = 86_400


class AdminSettings(Struct, frozen=True):
    """What the pages need of the outside."""

    secret: str
    database_url: str
    hashes: AddressHashes
    trust: trust.Terms


def create_admin(settings: AdminSettings) -> Flask:
    """Make it, on the thread that will run it."""
    database = Database(settings.database_url)
    database.prepare()
    sessions: scoped_session[Any] = scoped_session(sessionmaker(database.engine))
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=f"moderators {settings.secret}",
        SESSION_COOKIE_NAME="moderator",
        SESSION_COOKIE_PATH="/admin",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        SEND_FILE_MAX_AGE_DEFAULT=A_DAY,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the login, which ends by itself
        WTF_CSRF_SSL_STRICT=False,  # it wants a Referer; the login's own check takes Origin
        PROPAGATE_EXCEPTIONS=True,  # to the one place that logs them
        DEBUG=False,
    )
    app.extensions["database"] = database
    app.session_interface = Cookies()
    app.before_request(_give_nonce)
    app.after_request(_harden)
    app.teardown_appcontext(lambda _error: sessions.remove())
    for error in (DataError, OverflowError):  # what databases say of numbers and text like no other
        app.register_error_handler(error, lambda _error: ("That cannot be asked for.", 400))
    Logins(sessions, settings.hashes).guard(app)
    CSRFProtect(app)
    with warnings.catch_warnings():
        # Flask-Admin 3 will want Flask-SQLAlchemy's object; ours are sessions of no extension.
        warnings.simplefilter("ignore", DeprecationWarning)
        _add_views(app, sessions, settings)
    return app


def _add_views(app: Flask, sessions: scoped_session[Any], settings: AdminSettings) -> None:
    admin = Admin(
        app,
        name="Rendezvous",
        index_view=Home(sessions, name="Overview", url="/", endpoint="admin"),
        theme=Bootstrap4Theme(base_template="moderation/base.html", fluid=True),
        csp_nonce_generator=lambda: g.nonce,
    )
    reports = Reports(Report, sessions, name="Reports", endpoint="reports", url="reports")
    bans = Bans(Ban, sessions, name="Bans", endpoint="bans", url="bans")
    reports.terms, bans.hashes = settings.trust, settings.hashes
    admin.add_view(reports)
    admin.add_view(Appeals(Appeal, sessions, name="Appeals", endpoint="appeals", url="appeals"))
    admin.add_view(bans)
    admin.add_view(Log(Entry, sessions, name="Log", endpoint="log", url="log"))
    admin.add_view(Yearly(sessions, name="Figures", endpoint="yearly", url="yearly"))
    people = Moderators(Moderator, sessions, name="Moderators", endpoint="people", url="people")
    admin.add_view(people)


def _give_nonce() -> None:
    g.nonce = secrets.token_urlsafe(16)


def _harden(response: Response) -> Response:
    policy = "; ".join(f"{name} {value}" for name, value in CSP.items())
    headers = {**HEADERS, "Content-Security-Policy": policy.format(nonce=g.nonce)}
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    if not response.cache_control.max_age:
        response.headers["Cache-Control"] = "no-store"
    return response
