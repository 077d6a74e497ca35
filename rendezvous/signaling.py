"""WebRTC Signaling: relays signals between the two of a chat, and tells them of ICE servers.

A text chat comes to it once both want that.
"""

from __future__ import annotations

from math import ceil

from rendezvous.ice import IceServers
from rendezvous.protocol.replies import IceAnswer, Upgrading
from rendezvous.protocol.requests import AnswerUpgrade, SendSignal, SessionRequest, check_signal
from rendezvous.refusals import Refused
from rendezvous.relay_only import without_addresses
from rendezvous.switchboard import Switchboard
from rendezvous.switchboard.results import Effects, Posted


class Signaling:
    """Relays any JSON object of at most `max_bytes`; what it means is the browsers' business.

    Nobody asks the same stranger for video twice within `ask_again` seconds.
    """

    def __init__(
        self, switchboard: Switchboard, max_bytes: int, ice: IceServers, ask_again: float = 60
    ) -> None:
        self._switchboard = switchboard
        self._max_bytes = max_bytes
        self._ice = ice
        self._ask_again = ceil(ask_again)

    def relay(self, request: SendSignal) -> Posted | None:
        """Put a signal into the partner's inbox: byte for byte, or if calls go through relays only,
        without the addresses; None if nothing of it is left to be sent.

        Raises Refused as `post` does.
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

    def request_upgrade(self, request: SessionRequest) -> tuple[Upgrading, Effects]:
        """Ask the partner to go on by video, or agree if the partner has asked. Raises Refused."""
        effects = self._switchboard.request_upgrade(request.session_id)
        if effects.upgrades:
            return Upgrading("video"), effects
        return Upgrading("text", retry_after=self._ask_again), effects

    def answer_upgrade(self, request: AnswerUpgrade) -> tuple[Upgrading, Effects]:
        """Go on by video, as the partner asks, or tell them no. Raises Refused."""
        effects = self._switchboard.answer_upgrade(request.session_id, accept=request.accept)
        return Upgrading("video" if effects.upgrades else "text"), effects

    def ice_servers(self, session_id: str) -> tuple[IceAnswer, Effects]:
        """What a live session makes its connection with; its client is heard of.

        Raises Refused: "session_ended".
        """
        view = self._switchboard.read(session_id, 0)
        if view.status == "ended":
            raise Refused("session_ended")
        calls = view.status == "matched" and view.chat_type == "video"
        servers = self._ice.of(session_id, calls=calls)
        ttl = self._ice.ttl if calls else 0
        return IceAnswer(servers, self._ice.policy, ttl), view.effects
