"""A stranger with a camera: an aiortc peer whose only way to the other one is the server."""

from __future__ import annotations

import asyncio
import queue
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, TypeVar

from aiortc import (
    RTCConfiguration,
    RTCIceCandidate,
    RTCIceServer,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.sdp import candidate_from_sdp

from tests.harness.clients import Json, SocketClient
from tests.harness.guests import Guests
from tests.video.pictures import BLUE, RED, Chroma, Painter, Viewer

PATIENCE = 120  # s; until all has to be over
OF_CANDIDATES = ("a=candidate:", "a=end-of-candidates")


class Peer:
    """Shows one colour to the stranger, and looks at what the stranger shows."""

    def __init__(self, client: SocketClient, chroma: Chroma, *, trickle: bool) -> None:
        self.client = client
        self.viewer = Viewer()
        self.heard: list[str] = []
        self.matched: Json = {}
        self.last_seq = 0
        self.knows_all_candidates = False
        self._chroma = chroma
        self._trickle = trickle
        self._connection: RTCPeerConnection | None = None
        self._watching: list[asyncio.Task[None]] = []

    @property
    def stable(self) -> bool:
        """Whether every offer has its answer."""
        return self._connection is not None and self._connection.signalingState == "stable"

    async def start(self) -> Json:
        """Ask for somebody to see."""
        return await asyncio.to_thread(self.client.start, "video")

    async def run(self) -> None:
        """Do what each event asks for, until cancelled."""
        while True:
            try:
                # Not for long, because a thread cannot be cancelled and would hold up the end.
                name, data = await asyncio.to_thread(self.client.next_event, 0.2)
            except queue.Empty:
                continue
            if "seq" in data:  # typing has none
                assert data["seq"] == self.last_seq + 1
                self.last_seq += 1
            await self._react(name, data)
            self.heard.append(name)

    async def resume(self, client: SocketClient) -> Json:
        """Go on with another socket, after what has been heard."""
        answer = await asyncio.to_thread(client.join, self.client.session_id, self.last_seq)
        self.client = client
        return answer

    async def close(self) -> None:
        """Switch the camera off."""
        if self._connection is not None:
            await self._connection.close()
        await asyncio.gather(*self._watching)

    async def offer(self) -> None:
        """Make an offer; the first is the initiator's, another renegotiates."""
        assert self._connection is not None
        await self._connection.setLocalDescription(await self._connection.createOffer())
        await self._send_description()

    async def _react(self, name: str, data: Json) -> None:
        if name == "matched":
            self.matched = data
            # Whoever called start may be in another thread, and have the answer a moment later.
            self.client.session_id = data["session_id"]
            self._open(data["ice_servers"])
            if data["is_initiator"]:
                await self.offer()
        elif name == "webrtc_signal":
            await self._take(data["signal"])

    def _open(self, ice_servers: list[Json]) -> None:
        # Said even when empty, because aiortc would ask a public STUN server otherwise.
        servers = [RTCIceServer(**server) for server in ice_servers]
        assert not servers, "tests must not reach outside of this machine"
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=servers))
        self._connection.addTrack(Painter(self._chroma))
        self._connection.on("track", self._watch)

    def _watch(self, track: Any) -> None:
        self._watching.append(asyncio.ensure_future(self.viewer.watch(track)))

    async def _take(self, signal: Json) -> None:
        assert self._connection is not None
        if "candidate" in signal:
            candidate = _candidate(signal)
            await self._connection.addIceCandidate(candidate)
            self.knows_all_candidates = candidate is None
            return
        await self._connection.setRemoteDescription(RTCSessionDescription(**signal))
        if signal["type"] == "offer":
            await self._connection.setLocalDescription(await self._connection.createAnswer())
            await self._send_description()

    async def _send_description(self) -> None:
        """Send our description; candidates one by one, as browsers do, if that is wanted."""
        assert self._connection is not None
        description = self._connection.localDescription
        lines = description.sdp.splitlines(keepends=True)
        apart = [line for line in lines if self._trickle and line.startswith(OF_CANDIDATES)]
        sdp = "".join(line for line in lines if line not in apart)
        await self._signal({"type": description.type, "sdp": sdp})
        for line in apart:
            candidate = line.strip().removeprefix("a=")
            if candidate == "end-of-candidates":
                candidate = ""
            await self._signal({"candidate": candidate, "sdpMLineIndex": 0})

    async def _signal(self, signal: Json) -> None:
        answer = await asyncio.to_thread(self.client.signal, signal)
        assert answer["ok"], answer


def _candidate(signal: Json) -> RTCIceCandidate | None:
    """A candidate from an RTCIceCandidateInit (W3C WebRTC 1.0, section 4.8.1); "" ends them."""
    if not signal["candidate"]:
        return None
    candidate = candidate_from_sdp(signal["candidate"].removeprefix("candidate:"))
    candidate.sdpMLineIndex = signal["sdpMLineIndex"]
    return candidate


P = TypeVar("P", bound=Peer)


@asynccontextmanager
async def acquainted(kind: type[P], guests: Guests, *, trickle: bool) -> AsyncIterator[tuple[P, P]]:
    """Two who have been matched by the server, with all that they do in the background."""
    async with AsyncExitStack() as stack:
        peers: list[P] = []
        for chroma, status in ((RED, "waiting"), (BLUE, "matched")):
            peer = kind(await asyncio.to_thread(guests.socket), chroma, trickle=trickle)
            stack.push_async_callback(peer.close)
            assert (await peer.start())["status"] == status
            peers.append(peer)
        async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as background:
            tasks = [background.create_task(peer.run()) for peer in peers]
            yield peers[0], peers[1]
            for task in tasks:
                task.cancel()
