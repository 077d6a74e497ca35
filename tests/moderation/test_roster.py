"""Who is found on the list of the banned, and who is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rendezvous.moderation.addresses import AddressHashes
from rendezvous.moderation.bans import network
from rendezvous.moderation.roster import Roster, Sentence

MONTH = 30 * 86_400.0


class Calendar:
    def __init__(self) -> None:
        self.now = 100 * MONTH

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def hashes(calendar: Calendar) -> AddressHashes:
    return AddressHashes("secret", MONTH, calendar)


def roster(hashes: AddressHashes, *bans: tuple[str, str], until: datetime | None = None) -> Roster:
    return Roster([Sentence(f"R{n}", *ban, "Be kind", until) for n, ban in enumerate(bans)], hashes)


def test_a_visitor_is_found_wherever_they_come_from(hashes: AddressHashes) -> None:
    found = roster(hashes, ("visitor", "bob"))
    assert found.find("bob", "192.0.2.1")
    assert found.find("bob", "")
    assert not found.find("ann", "192.0.2.1")
    assert not found.find("", "")


def test_an_address_is_found_without_its_cookie_and_after_the_key_has_changed(
    hashes: AddressHashes, calendar: Calendar
) -> None:
    found = roster(hashes, ("address", hashes.of("192.0.2.1")))
    calendar.now += 2 * MONTH
    assert found.find("somebody new", "192.0.2.1")
    assert not found.find("somebody new", "192.0.2.2")


def test_hashes_tell_nothing_without_the_secret_and_differ_by_period(
    hashes: AddressHashes, calendar: Calendar
) -> None:
    first = hashes.of("192.0.2.1")
    assert "192" not in first.partition(":")[2]
    assert AddressHashes("another", MONTH, calendar).of("192.0.2.1") != first
    calendar.now += MONTH
    assert hashes.of("192.0.2.1").partition(":")[2] != first.partition(":")[2]
    assert hashes.of("") == ""


@pytest.mark.parametrize(
    ("banned", "inside", "outside"),
    [
        ("198.51.100.0/24", "198.51.100.255", "198.51.101.0"),
        ("10.0.0.0/8", "10.255.0.1", "11.0.0.1"),
        ("198.51.100.7", "198.51.100.7", "198.51.100.8"),
        ("2001:db8::/32", "2001:db8:ffff:1::/64", "2001:db9::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64", "2001:db8:1:3::/64"),
    ],
)
def test_a_network_is_found_by_every_address_in_it(
    hashes: AddressHashes, banned: str, inside: str, outside: str
) -> None:
    found = roster(hashes, ("network", network(banned)))
    assert found.find("", inside)
    assert not found.find("", outside)


def test_a_ban_ends_by_itself(hashes: AddressHashes) -> None:
    past, future = (datetime.now(UTC) + timedelta(seconds=s) for s in (-1, 60))
    assert not roster(hashes, ("visitor", "bob"), until=past).find("bob", "")
    assert roster(hashes, ("visitor", "bob"), until=future).find("bob", "")


@pytest.mark.parametrize("wide", ["0.0.0.0/0", "10.0.0.0/7", "::/0", "2000::/3"])
def test_nobody_bans_the_world_by_a_slip(wide: str) -> None:
    with pytest.raises(ValueError, match="at least"):
        network(wide)
