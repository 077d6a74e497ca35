"""The bot's side of a video call: it shows a test picture and a tone, and looks at nobody."""

from __future__ import annotations

import random
import re
from collections.abc import Awaitable, Callable
from typing import Any

from aiortc import (
    RTCConfiguration,
    RTCIceCandidate,
    RTCIceServer,
    RTCIceTransportPolicy,
    RTCPeerConnection,
    RTCRtpTransceiver,
    RTCSessionDescription,
)
from aiortc.contrib.media import MediaPlayer
from aiortc.sdp import candidate_from_sdp

Json = dict[str, Any]
# A moving picture with a clock, and a tone that beeps every second (FFmpeg's filters).
SHOW = "testsrc2=size=480x360:rate=15[out0];sine=frequency=330:beep_factor=4,volume=0.2[out1]"
ORIGIN = re.compile(r"^o=(\S+) (\S+) (\S+)", re.MULTILINE)  # RFC 8866, section 5.2
ORIGIN_BITS = 60  # RFC 9429, section 5.2.1, wants at most 63
FRAGMENT = re.compile(r"^a=ice-ufrag:(\S+)", re.MULTILINE)


class VideoCall:
    """One RTCPeerConnection after another, as the person's page reloads or looks for a new way."""

    def __init__(self, matched: Json, send: Callable[[Json], Awaitable[None]]) -> None:
        self._configuration = RTCConfiguration(
            # Never None, for which aiortc would ask a public server.
            iceServers=[RTCIceServer(**server) for server in matched["ice_servers"]],
            iceTransportPolicy=RTCIceTransportPolicy(matched["ice_transport_policy"]),
        )
        self._send = send
        self._begin()

    def _begin(self) -> None:
        self._connection = RTCPeerConnection(self._configuration)
        self._show = MediaPlayer(SHOW, format="lavfi")
        self._theirs = ("", "")
        # aiortc names a connection anew with every description, so that nobody could tell that an
        # answer comes from the one that has offered.
        self._ours = str(random.getrandbits(ORIGIN_BITS))
        self._version = 0

    async def offer(self) -> None:
        """Offer the picture and the tone, and want nothing back."""
        for kind in ("audio", "video"):
            self._show_in(self._connection.addTransceiver(kind))
        await self._connection.setLocalDescription(await self._connection.createOffer())
        await self._tell()

    async def take(self, signal: Json) -> None:
        """Act on a description or a candidate (W3C WebRTC 1.0, sections 4.6.1 and 4.8.1)."""
        if isinstance(signal.get("sdp"), str):
            await self._describe(signal)
        elif self._theirs[0] and (candidate := _candidate(signal)):
            await self._connection.addIceCandidate(candidate)

    async def close(self) -> None:
        """Hang up."""
        for track in (self._show.audio, self._show.video):
            if track:
                track.stop()
        await self._connection.close()

    async def _describe(self, signal: Json) -> None:
        description = RTCSessionDescription(signal["sdp"], signal["type"])
        if description.type == "offer":
            await self._answer(description)
        elif self._is_waiting and signal.get("to", self._ours) == self._ours:
            self._theirs = _identity(description.sdp)
            await self._connection.setRemoteDescription(description)

    @property
    def _is_waiting(self) -> bool:
        return self._connection.signalingState == "have-local-offer"

    async def _answer(self, offer: RTCSessionDescription) -> None:
        theirs = _identity(offer.sdp)
        if theirs[0] == self._theirs[0] and theirs != self._theirs:
            # An ICE restart, which aiortc does not know: begin again, with an offer of our own.
            await self._renew()
            await self.offer()
            return
        if theirs != self._theirs and (self._is_waiting or self._theirs[0]):
            await self._renew()  # because the page was reloaded, or would rather offer itself
        self._theirs = theirs
        await self._connection.setRemoteDescription(offer)
        for place in self._connection.getTransceivers():
            self._show_in(place)
        await self._connection.setLocalDescription(await self._connection.createAnswer())
        await self._tell(to=theirs[0])

    def _show_in(self, place: RTCRtpTransceiver) -> None:
        """Send what there is of this kind, and decode nothing: that would cost the most by far."""
        place.sender.replaceTrack(self._show.audio if place.kind == "audio" else self._show.video)
        place.direction = "sendonly"

    async def _renew(self) -> None:
        await self.close()
        self._begin()

    async def _tell(self, **more: str) -> None:
        self._version += 1
        description = self._connection.localDescription
        sdp = ORIGIN.sub(rf"o=\1 {self._ours} {self._version}", description.sdp, count=1)
        await self._send({"type": description.type, "sdp": sdp, **more})


def _identity(sdp: str) -> tuple[str, str]:
    """Which connection a description is of, and which way between the two it looks for."""
    origin, fragment = ORIGIN.search(sdp), FRAGMENT.search(sdp)
    return origin[2] if origin else "?", fragment[1] if fragment else ""


def _candidate(signal: Json) -> RTCIceCandidate | None:
    """The candidate in an RTCIceCandidateInit, or in a signal around one; None for the last."""
    init = signal["candidate"] if isinstance(signal.get("candidate"), dict) else signal
    if not init.get("candidate"):
        return None
    candidate = candidate_from_sdp(init["candidate"].removeprefix("candidate:"))
    candidate.sdpMid, candidate.sdpMLineIndex = init.get("sdpMid"), init.get("sdpMLineIndex")
    return candidate
