"""Our credentials in the hands of a real coturn, and calls that go through it only."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aioice.stun import TransactionFailed
from aioice.turn import create_turn_endpoint
from aiortc import RTCConfiguration, RTCIceServer, RTCPeerConnection

from rendezvous.ice import IceServers, IceSettings
from tests.conftest import Launch
from tests.harness.clients import Json
from tests.harness.guests import Guests
from tests.harness.servers import Server
from tests.ice.coturn import PERMISSIVE, SECRET, Coturn
from tests.video.peers import Peer, acquainted
from tests.video.pictures import BLUE, RED, Painter

FRAMES = 15
QUOTA = 2
CANDIDATE = re.compile(r"candidate:\S+ \d+ \S+ \d+ (\S+) \d+ typ (\S+)(.*)")
LINE_OF_AN_ADDRESS = re.compile(r"IN IP4 (\S+)")


@pytest.fixture(scope="module")
def coturn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Coturn]:
    """One that relays on loopback, a few relays to each session."""
    lines = (*PERMISSIVE, f"user-quota={QUOTA}")
    with Coturn(tmp_path_factory.mktemp("coturn"), lines) as coturn:
        yield coturn


@asynccontextmanager
async def allocation(
    coturn: Coturn, username: str, credential: str, transport: str = "udp"
) -> AsyncIterator[Any]:
    """A relay of our own; raises TransactionFailed if coturn does not give us one."""
    ended = asyncio.Event()

    class Receiver(asyncio.DatagramProtocol):
        def connection_lost(self, _: Exception | None) -> None:
            ended.set()

    relay, _ = await create_turn_endpoint(
        Receiver, ("127.0.0.1", coturn.port), username, credential, transport=transport
    )
    try:
        yield relay
    finally:
        relay.close()
        await ended.wait()


def credentials(
    session_id: str, secret: str = SECRET, ttl: int = 60, ago: float = 0
) -> tuple[str, str]:
    """What a session was given `ago` seconds before now."""
    settings = IceSettings((), ("turn:127.0.0.1",), secret, ttl)
    (server,) = IceServers(settings, lambda: time.time() - ago).of(session_id, calls=True)
    assert server.username is not None
    assert server.credential is not None
    return server.username, server.credential


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_our_credentials_are_good(coturn: Coturn, transport: str) -> None:
    async def call() -> None:
        async with allocation(coturn, *credentials("one"), transport) as relay:
            assert relay.get_extra_info("sockname")[0] == "127.0.0.1"

    asyncio.run(call())


def forgeries() -> dict[str, tuple[str, str]]:
    username, credential = credentials("two")
    expiry, opaque = username.split(":")
    return {
        "expired": credentials("two", ttl=60, ago=61),
        "another secret": credentials("two", secret="guessed"),
        "prolonged": (f"{int(expiry) + 3600}:{opaque}", credential),
        "of another session": (credentials("three")[0], credential),
        "without a secret": (username, ""),
    }


@pytest.mark.parametrize("forgery", list(forgeries()))
def test_expired_and_forged_credentials_are_refused(coturn: Coturn, forgery: str) -> None:
    async def call() -> None:
        with pytest.raises(TransactionFailed, match="401"):
            async with allocation(coturn, *forgeries()[forgery]):
                raise AssertionError("coturn gave a relay to a forger")

    asyncio.run(call())


def test_a_session_has_its_quota_with_whichever_credentials(coturn: Coturn) -> None:
    async def call() -> None:
        earlier, later = credentials("four", ago=30), credentials("four")
        assert earlier != later
        async with allocation(coturn, *earlier), allocation(coturn, *later):
            with pytest.raises(TransactionFailed, match="486"):
                async with allocation(coturn, *later):
                    raise AssertionError("coturn forgot the quota")
            async with allocation(coturn, *credentials("five")):
                pass

    asyncio.run(call())


class Caller(Peer):
    """A peer that offers every candidate it has; what reaches the other one is the server's."""

    def __init__(self, *args: Any, **how: Any) -> None:
        super().__init__(*args, **how)
        self.signals: list[Json] = []

    def _open(self, ice_servers: list[Json]) -> None:
        servers = [RTCIceServer(**server) for server in ice_servers]
        for server in servers:
            assert all("127.0.0.1" in url for url in server.urls), "tests stay on this machine"
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=servers))
        self._connection.addTrack(Painter(self._chroma))
        self._connection.on("track", self._watch)

    async def _take(self, signal: Json) -> None:
        self.signals.append(signal)
        await super()._take(signal)

    def offered(self) -> set[str]:
        """The types of the candidates that it has gathered and sent."""
        assert self._connection is not None
        return {found[2] for found in CANDIDATE.finditer(self._connection.localDescription.sdp)}

    def pair(self) -> tuple[str, str]:
        """The types of the two candidates that its media goes by."""
        assert self._connection is not None
        ice = self._connection.getTransceivers()[0].receiver.transport.transport._connection
        (pair,) = ice._nominated.values()
        return pair.local_candidate.type, pair.remote_candidate.type


@pytest.fixture(scope="module")
def server(coturn: Coturn, launch: Launch) -> Server:
    """A relay-only server."""
    return launch(TURN_URLS=coturn.url, TURN_SECRET=SECRET, TURN_TTL="600", ICE_POLICY="relay")


def check_that_no_address_was_told(signals: list[Json]) -> None:
    """Nothing but relays' candidates, and no address on any other line."""
    text = str(signals)
    candidates = list(CANDIDATE.finditer(text))
    assert candidates
    for found in candidates:
        assert (found[1], found[2]) == ("127.0.0.1", "relay")
        assert "raddr 0.0.0.0 rport 0" in found[3]
    without = CANDIDATE.sub("", text)
    assert set(LINE_OF_AN_ADDRESS.findall(without.replace("\\r", " "))) <= {"0.0.0.0"}
    assert set(re.findall(r"\d+\.\d+\.\d+\.\d+", without)) <= {"0.0.0.0"}


@pytest.mark.parametrize("trickle", [True, False], ids=["trickle", "full"])
def test_two_see_each_other_through_the_relay_and_learn_no_address(
    guests: Guests, coturn: Coturn, trickle: bool
) -> None:
    async def call() -> None:
        async with acquainted(Caller, guests, trickle=trickle) as (red, blue):
            await asyncio.gather(red.viewer.see_more(FRAMES), blue.viewer.see_more(FRAMES))
            assert red.viewer.saw_only(BLUE)
            assert blue.viewer.saw_only(RED)
            for peer in (red, blue):
                assert {"host", "relay"} <= peer.offered(), "there was nothing to take out"
                assert peer.pair() == ("relay", "relay")
                assert peer.matched["ice_transport_policy"] == "relay"
                check_that_no_address_was_told(peer.signals)

    asyncio.run(call())
    assert "ALLOCATE processed, success" in coturn.log()
