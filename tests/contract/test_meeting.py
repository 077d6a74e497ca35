"""Two strangers meet, talk and part, by whichever door they come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from tests.contract.conftest import ON_REDIS_TOO
from tests.harness.clients import RestClient, SocketClient

pytestmark = ON_REDIS_TOO

Sockets = Callable[..., SocketClient]
Rests = Callable[[], RestClient]


def meet(one: SocketClient, other: SocketClient, chat_type: str = "text") -> None:
    """Match two clients, and take note of the event."""
    assert one.start(chat_type)["status"] == "waiting"
    assert other.start(chat_type)["status"] == "matched"
    one.expect("matched")
    other.expect("matched")


def test_two_sockets_meet_talk_and_part(socket_client: Sockets) -> None:
    one, other = socket_client(), socket_client()
    meet(one, other)
    sent = one.send("Hello, 世界 <b>&</b>")
    heard = other.expect("new_message")
    assert heard["seq"] == sent["seq"] == 2
    assert heard["message"]["id"] == sent["message_id"]
    assert heard["message"]["from"] == "stranger"
    assert heard["message"]["text"] == "Hello, 世界 <b>&</b>"
    written = datetime.fromisoformat(heard["message"]["timestamp"])
    assert abs(datetime.now(UTC) - written) < timedelta(minutes=1)
    assert other.call("typing", {"session_id": other.session_id, "is_typing": True})["ok"]
    assert one.expect("partner_typing")["is_typing"]
    assert one.call("leave_session", {"session_id": one.session_id}) == {"ok": True}
    assert other.expect("partner_disconnected")["reason"] == "left"
