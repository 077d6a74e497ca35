"""The cookie by which somebody is known again, and what it is good for."""

from __future__ import annotations

import re
import time

import pytest
from itsdangerous import TimestampSigner

from rendezvous.safety.address import Addresses
from rendezvous.safety.visitor import COOKIE, LIFETIME, Caller, Visitors

HERE = {"REMOTE_ADDR": "203.0.113.7"}


@pytest.fixture
def visitors() -> Visitors:
    return Visitors("a secret for tests", Addresses(1))


def given(visitors: Visitors, caller: Caller) -> str:
    return visitors.cookie(caller, HERE).partition(";")[0]


def test_who_shows_the_cookie_is_known_again(visitors: Visitors) -> None:
    first = visitors.caller(HERE)
    again = visitors.caller({**HERE, "HTTP_COOKIE": f"a=b; {given(visitors, first)}; c=d"})
    assert (first.is_new, again.is_new) == (True, False)
    assert again.visitor == first.visitor


def test_without_a_cookie_everybody_is_new(visitors: Visitors) -> None:
    assert len({visitors.caller(HERE).visitor for _ in range(100)}) == 100


def test_the_cookie_holds_nothing_but_chance_and_time(visitors: Visitors) -> None:
    cookie = given(visitors, visitors.caller(HERE))
    assert re.fullmatch(COOKIE + r"=[\w-]{22}\.[\w-]{6}\.[\w-]{43}", cookie)


def test_scripts_and_other_sites_do_not_get_at_the_cookie(visitors: Visitors) -> None:
    caller = visitors.caller(HERE)
    plain = visitors.cookie(caller, HERE)
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(plain.split("; "))
    assert "Domain" not in plain
    assert "Secure" not in plain
    behind_tls = {**HERE, "HTTP_X_FORWARDED_PROTO": "https"}
    assert "Secure" in visitors.cookie(caller, behind_tls).split("; ")


def forgeries() -> dict[str, str]:
    visitors = Visitors("a secret for tests", Addresses(0))
    good = given(visitors, Caller(visitor="somebody")).removeprefix(f"{COOKIE}=")
    visitor, moment, signature = good.split(".")
    return {
        "made up": "somebody",
        "unsigned": f"{visitor}.{moment}.",
        "of another": f"sombody2.{moment}.{signature}",
        "prolonged": f"{visitor}.zzzzzz.{signature}",
        "by another secret": TimestampSigner("guess", salt="visitor").sign("somebody").decode(),
        "for something else": TimestampSigner("a secret for tests").sign("somebody").decode(),
        "empty": "",
        "binary": "\x00\xff.\x80.\x01",
        "long": "a" * 10_000,
    }


@pytest.mark.parametrize("forgery", list(forgeries()))
def test_a_forged_cookie_makes_nobody_another(visitors: Visitors, forgery: str) -> None:
    cookies = {**HERE, "HTTP_COOKIE": f"{COOKIE}={forgeries()[forgery]}"}
    caller = visitors.caller(cookies)
    assert caller.is_new
    assert caller.visitor not in {"", "somebody"}


def test_a_cookie_does_not_live_for_ever(
    visitors: Visitors, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = visitors.caller(HERE)
    later = time.time() + LIFETIME + 2
    environ = {**HERE, "HTTP_COOKIE": given(visitors, first)}
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _signer: int(later))
    assert visitors.caller(environ).is_new
