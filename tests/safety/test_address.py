"""Whose address a request has, through proxies and lies."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from rendezvous.safety.address import Addresses, normal

PROXY = "10.0.0.1"


def seen(proxies: int, forwarded: str | None = None, peer: str = PROXY) -> str:
    environ = {"REMOTE_ADDR": peer}
    if forwarded is not None:
        environ["HTTP_X_FORWARDED_FOR"] = forwarded
    return Addresses(proxies).of(environ)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("::FFFF:cb00:7107", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("localhost", ""),
        ("203.0.113.007", ""),
        ("203.0.113.7/24", ""),
        ("1" * 5_000, ""),
    ],
)
def test_an_address_has_one_form(text: str, expected: str) -> None:
    assert normal(text) == expected


def test_without_trusted_proxies_nothing_that_is_said_counts() -> None:
    assert seen(0, "203.0.113.7") == PROXY
    assert seen(0, "203.0.113.7, 198.51.100.1") == PROXY


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (1, None, PROXY),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "198.51.100.66, 203.0.113.7", "203.0.113.7"),
        (1, "127.0.0.1,198.51.100.66,  203.0.113.7 ", "203.0.113.7"),
        (2, "198.51.100.66, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        (2, "203.0.113.7", "203.0.113.7"),
        (1, "203.0.113.7:4711", "203.0.113.7"),
        (1, '"[2001:db8::1]:4711"', "2001:db8::/64"),
        (1, "2001:db8:0:9::1", "2001:db8:0:9::/64"),
        (1, "198.51.100.66, unknown", PROXY),
        (2, "198.51.100.66, unknown, 203.0.113.7", "203.0.113.7"),
        (2, "unknown, 203.0.113.7", "203.0.113.7"),
        (1, "", PROXY),
        (1, ",,,", PROXY),
        (1, "198.51.100.66, <script>", PROXY),
        (3, "198.51.100.1," * 500 + "203.0.113.7, 10.0.0.3, 10.0.0.2", "203.0.113.7"),
    ],
)
def test_only_what_trusted_proxies_appended_counts(
    proxies: int, forwarded: str, expected: str
) -> None:
    assert seen(proxies, forwarded) == expected


def test_who_has_a_proxy_and_has_not_said_so_is_told_once() -> None:
    behind = {"REMOTE_ADDR": PROXY, "HTTP_X_FORWARDED_FOR": "203.0.113.7"}
    addresses = Addresses()
    with capture_logs() as logs:
        addresses.of({**behind, "REMOTE_ADDR": "8.8.8.8"})  # a stranger who tries
        assert not logs
        for _ in range(3):
            addresses.of(behind)
        Addresses(1).of(behind)
    assert [line["event"] for line in logs] == ["a proxy is not trusted: see TRUSTED_PROXIES"]


def test_behind_a_unix_socket_the_proxy_is_all_there_is() -> None:
    assert seen(1, "203.0.113.7", peer="") == "203.0.113.7"
    assert seen(0, "203.0.113.7", peer="") == ""


@pytest.mark.parametrize(
    ("proxies", "scheme", "said", "secure"),
    [
        (0, "http", "https", False),
        (0, "https", "http", True),
        (1, "http", "https", True),
        (1, "http", "wss", True),
        (1, "http", "http", False),
        (1, "http", "https, http", False),
        (2, "http", "https, http", True),
        (1, "http", "", False),
    ],
)
def test_tls_is_believed_of_those_who_are_trusted(
    proxies: int, scheme: str, said: str, secure: bool
) -> None:
    environ = {"wsgi.url_scheme": scheme, "HTTP_X_FORWARDED_PROTO": said}
    assert Addresses(proxies).is_secure(environ) is secure
