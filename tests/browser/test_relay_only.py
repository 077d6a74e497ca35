"""Where calls are relayed only, they work, and strangers never learn each other's address."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.conftest import Visit
from tests.browser.meetings import meet, see_each_other
from tests.browser.visitor import Visitor
from tests.conftest import Launch
from tests.harness.servers import Server
from tests.ice.coturn import SECRET, Coturn

RELAY = "127.0.0.2"  # not 127.0.0.1, where clients may be

# A page that has been tampered with: it looks for its own addresses too, and sends them.
TELL_ALL = """
window.RTCPeerConnection = class extends window.RTCPeerConnection {
  constructor(configuration) {
    super({ ...configuration, iceTransportPolicy: "all" });
  }
};
"""


@pytest.fixture(scope="module")
def coturn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Coturn]:
    with Coturn(tmp_path_factory.mktemp("coturn"), address=RELAY) as coturn:
        yield coturn


@pytest.fixture(scope="module")
def server(launch: Launch, coturn: Coturn) -> Server:
    return launch(TURN_URLS=coturn.url, TURN_SECRET=SECRET, ICE_POLICY="relay")


def must_not_know(visitor: Visitor, addresses: set[str]) -> None:
    """Raise if one of these addresses was in anything that this page was sent."""
    fetched = [each.body() for each in visitor.responses if "/chat" not in each.url]
    framed = [each.encode() if isinstance(each, str) else each for each in visitor.received]
    everything = b"\n".join(fetched + framed)
    assert b"typ relay" in everything
    assert RELAY.encode() in everything
    for address in addresses:
        assert address.encode() not in everything


def test_a_call_goes_through_the_relay_and_tells_no_address(red: Visitor, blue: Visitor) -> None:
    meet(red, blue, "Video chat")
    see_each_other(red, blue)
    for visitor in (red, blue):
        call = visitor.call()
        assert call is not None
        assert (call["local"], call["remote"]) == ("relay", "relay")
        assert set(call["told"]) == {RELAY}
        visitor.is_told("Connected · Relayed")
    own = {address for visitor in (red, blue) for address in visitor.witnessed("addresses()")}
    assert own
    assert RELAY not in own
    for visitor in (red, blue):
        must_not_know(visitor, own)


def test_not_even_a_page_that_sends_its_addresses_gives_them_away(visit: Visit) -> None:
    red, blue = visit("red"), visit("blue")
    red.page.add_init_script(TELL_ALL)
    meet(red, blue, "Video chat")
    see_each_other(red, blue)
    call = red.call()
    assert call is not None
    own = set(call["offered"]) - {RELAY}
    assert own, "there was nothing to hide"
    must_not_know(blue, own)
    seen = blue.call()
    assert seen is not None
    assert set(seen["told"]) == {RELAY}
