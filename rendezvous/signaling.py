"""WebRTC Signaling: relays signals between the two of a chat, and tells them of ICE servers."""

from __future__ import annotations

from rendezvous.ice import IceServers
from rendezvous.protocol.replies import IceAnswer
from rendezvous.protocol.requests import SendSignal, check_signal
from rendezvous.refusals import Refused
from rendezvous.relay_only import without_addresses
from rendezvous.switchboard import Switchboard
from rendezvous.switchboard.verbs import Effects, Posted


class Signaling:
    """Relays any JSON object of at most `max_bytes`; what it means is the browsers' business."""

    def __init__(self, switchboard: Switchboard, max_bytes: int, ice: IceServers) -> None:
        self._switchboard = switchboard
        self._max_bytes = max_bytes
        self._ice = ice

    def relay(self, request: SendSignal) -> Posted | None:
        """Put a signal into the partner's inbox: byte for byte, or if calls go through relays only,
        without the addresses; None if nothing of it is left to be sent.
        """
        checked = check_signal(request.signal, self._max_bytes)
        signal = without_addresses(checked) if self._ice.policy == "relay" else checked
        if signal is None:
            self._withhold(request.session_id)
            return None
        members = b'"signal":' + signal
        return self._switchboard.post(request.session_id, "webrtc_signal", members)

    def _withhold(self, session_id: str) -> None:
        """Send nothing, and refuse what would be refused if there were something to send."""
        self._switchboard.whisper(session_id, "webrtc_signal", b"")

    def ice_servers(self, session_id: str) -> tuple[IceAnswer, Effects]:
        """What a live session makes its connection with; its client is heard of.

        Raises Refused: "session_ended".
        """
        view = self._switchboard.read(session_id, 0)
        if view.status == "ended":
            raise Refused("session_ended")
        matched = view.status == "matched"
        servers = self._ice.of(session_id, matched=matched)
        ttl = self._ice.ttl if matched else 0
        return IceAnswer(servers, self._ice.policy, ttl), view.effects
