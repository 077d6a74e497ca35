"""`python -m rendezvous`: what operators do on the command line."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import ConfigError, load_settings
from rendezvous.moderation.admin.people import ROLES, create, set_password
from rendezvous.moderation.database import Database
from rendezvous.moderation.models import Moderator
from rendezvous.moderation.opening import url_of

BY = "the command line"


def main() -> None:
    """Do it; exit status 1 with one line if that is not possible."""
    asked = _parser().parse_args()
    try:
        settings = load_settings()
        database = Database(url_of(settings.database_url, Path(settings.data_dir)))
        database.prepare()
        with database.session() as session:
            asked.act(session, asked)
    except (ConfigError, ValueError) as error:
        sys.exit(f"rendezvous: {error}")
    database.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="rendezvous", description="For operators of Rendezvous")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    migrate = commands.add_parser("migrate", help="bring the database up to date")
    migrate.set_defaults(act=lambda _session, _asked: None)
    admin = commands.add_parser("admin", help="the moderators").add_subparsers(
        required=True, metavar="WHAT"
    )
    making = admin.add_parser("create", help="make a moderator; the password is asked for")
    making.add_argument("name")
    making.add_argument("--role", choices=ROLES, default="moderator")
    making.set_defaults(act=_create)
    changing = admin.add_parser("password", help="give a moderator another password")
    changing.add_argument("name")
    changing.set_defaults(act=_password)
    admin.add_parser("list", help="show the moderators").set_defaults(act=_list)
    return parser


def _create(session: Session, asked: argparse.Namespace) -> None:
    create(session, asked.name, _asked_password(), asked.role, BY)
    _say(f"{asked.name} may log in at /admin")


def _password(session: Session, asked: argparse.Namespace) -> None:
    found = session.scalar(select(Moderator).where(Moderator.name == asked.name))
    if found is None:
        raise ValueError("there is nobody of that name")
    set_password(session, found, _asked_password(), BY)
    _say(f"{asked.name} has another password, and is logged out everywhere")


def _list(session: Session, _asked: argparse.Namespace) -> None:
    for each in session.scalars(select(Moderator).order_by(Moderator.name)):
        _say(f"{each.name}\t{each.role}\t{'active' if each.active else 'closed'}")


def _asked_password() -> str:
    """From the terminal, or one line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != password:
        raise ValueError("these two differ")
    return password


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
