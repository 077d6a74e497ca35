"""WebRTC Signaling: relays signals between the two of a chat, and tells them of ICE servers."""

from __future__ import annotations

from typing import Any

from rendezvous.protocol.requests import SendSignal, check_signal
from rendezvous.switchboard import Switchboard
from rendezvous.switchboard.verbs import Posted


class Signaling:
    """Relays any JSON object of at most `max_bytes`; what it means is the browsers' business."""

    def __init__(
        self, switchboard: Switchboard, max_bytes: int, stun_urls: tuple[str, ...]
    ) -> None:
        self._switchboard = switchboard
        self._max_bytes = max_bytes
        self._ice_servers = [{"urls": list(stun_urls)}] if stun_urls else []

    def relay(self, request: SendSignal) -> Posted:
        """Put a signal into the partner's inbox as it is, byte for byte."""
        signal = check_signal(request.signal, self._max_bytes)
        return self._switchboard.post(request.session_id, "webrtc_signal", b'"signal":' + signal)

    def ice_servers(self, _session_id: str) -> list[dict[str, Any]]:
        """RTCIceServer dictionaries (W3C WebRTC 1.0, section 4.2.4) for one participant."""
        return self._ice_servers
