"""Where the coturn that we configure relays to, and where it does not: every range, by its ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

import pytest

from tests.harness.servers import ROOT
from tests.ice.coturn import Coturn
from tests.ice.test_coturn import credentials
from tests.ice.turn import Denied, Relay

OURS = ROOT / "deploy/coturn/turnserver.conf"
REPLACED = ("listening-port", "min-port", "max-port", "static-auth-secret", "log-file")
FORBIDDEN, WRONG_FAMILY = 403, 443

# The special-purpose registries (RFC 6890), with all that is not globally reachable, besides what
# embeds an IPv4 address, which would be another way to one of them.
DENIED = {
    "this network": "0.0.0.0/8",
    "private, 10": "10.0.0.0/8",
    "carrier-grade NAT": "100.64.0.0/10",
    "loopback": "127.0.0.0/8",
    "link-local": "169.254.0.0/16",
    "metadata": "169.254.169.254/32",
    "private, 172": "172.16.0.0/12",
    "protocol assignments": "192.0.0.0/24",
    "documentation 1": "192.0.2.0/24",
    "6to4 relays": "192.88.99.0/24",
    "private, 192": "192.168.0.0/16",
    "benchmarks": "198.18.0.0/15",
    "documentation 2": "198.51.100.0/24",
    "documentation 3": "203.0.113.0/24",
    "multicast": "224.0.0.0/4",
    "reserved and broadcast": "240.0.0.0/4",
    "metadata of Alibaba": "100.100.100.200/32",
    "metadata of Oracle": "192.0.0.192/32",
    "unspecified, v6": "::/128",
    "loopback, v6": "::1/128",
    "IPv4-compatible": "::/96",
    "IPv4-mapped": "::ffff:0:0/96",
    "IPv4-translated": "::ffff:0:0:0/96",
    "NAT64": "64:ff9b::/96",
    "local NAT64": "64:ff9b:1::/48",
    "discard": "100::/64",
    "protocol assignments and Teredo, v6": "2001::/23",
    "documentation, v6": "2001:db8::/32",
    "6to4": "2002::/16",
    "more documentation, v6": "3fff::/20",
    "segment routing": "5f00::/16",
    "unique local": "fc00::/7",
    "metadata of AWS, v6": "fd00:ec2::254/128",
    "link-local, v6": "fe80::/10",
    "site-local": "fec0::/10",
    "multicast, v6": "ff00::/8",
}
REACHABLE = ["8.8.8.8", "1.1.1.1", "172.15.255.255", "2606:4700:4700::1111", "2a00::1"]


@pytest.fixture(scope="module")
def coturn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Coturn]:
    """Ours, as it is but for where it listens; it can relay from IPv4 and IPv6."""
    lines = [
        line for line in OURS.read_text().splitlines() if line.partition("=")[0] not in REPLACED
    ]
    with Coturn(tmp_path_factory.mktemp("coturn"), [*lines, "relay-ip=::1"]) as coturn:
        yield coturn
        assert "Bad configuration format" not in coturn.log()


@pytest.fixture(scope="module")
def relays(coturn: Coturn) -> Iterator[dict[int, Relay]]:
    """One of each family."""
    with ExitStack() as stack:
        yield {
            family: stack.enter_context(Relay(coturn.port, *credentials("one"), family))
            for family in (4, 6)
        }


def samples(network: IPv4Network | IPv6Network) -> set[str]:
    """Its ends and its middle, and, for coturn compares byte by byte, where bytes are 0 or 255."""
    last = network.num_addresses - 1
    offsets = {0, last, (last + 1) // 2, last // 3}
    for bits in range(8, network.max_prefixlen - network.prefixlen, 8):
        offsets |= {1 << bits, (1 << bits) - 1, last - (1 << bits)}
    return {str(network[offset]) for offset in offsets if 0 <= offset <= last}


@pytest.mark.parametrize("name", list(DENIED))
def test_nothing_private_local_or_reserved_is_relayed_to(
    relays: dict[int, Relay], name: str
) -> None:
    network = ip_network(DENIED[name])
    for peer in samples(network):
        relay = relays[network.version]
        for ask in (relay.permit, relay.bind):
            with pytest.raises(Denied) as denied:
                ask(peer)
            assert denied.value.code == FORBIDDEN


@pytest.mark.parametrize("peer", REACHABLE)
def test_everybody_else_is(relays: dict[int, Relay], peer: str) -> None:
    relay = relays[ip_address(peer).version]
    relay.permit(peer)  # nothing is sent there
    relay.bind(peer)


def test_one_family_is_no_way_to_the_other(relays: dict[int, Relay]) -> None:
    for family, peer in ((4, "::ffff:127.0.0.1"), (4, "::1"), (6, "127.0.0.1")):
        with pytest.raises(Denied) as denied:
            relays[family].permit(peer)
        assert denied.value.code in {FORBIDDEN, WRONG_FAMILY}


def test_one_session_has_so_many_relays_and_no_more(coturn: Coturn) -> None:
    quota = next(
        int(line.partition("=")[2])
        for line in OURS.read_text().splitlines()
        if line.startswith("user-quota=")
    )
    with ExitStack() as stack:
        for _ in range(quota):
            stack.enter_context(Relay(coturn.port, *credentials("greedy")))
        with pytest.raises(Denied) as denied:
            Relay(coturn.port, *credentials("greedy"))
        assert denied.value.code == 486
        stack.enter_context(Relay(coturn.port, *credentials("another")))


def test_bandwidth_is_capped_for_each_relay() -> None:
    settings = dict(line.partition("=")[::2] for line in OURS.read_text().splitlines())
    assert 0 < int(settings["max-bps"]) <= 1_000_000
    assert 0 < int(settings["user-quota"]) <= 20
    assert int(settings["total-quota"]) > 0
