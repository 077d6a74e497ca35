"""REST and Socket.IO clients as each other's partners, and as each other's successors."""

from __future__ import annotations

import pytest

from tests.contract.conftest import ON_REDIS_TOO, Meanwhile
from tests.harness.clients import TIMEOUT, RestClient, SocketClient
from tests.harness.guests import Guests

pytestmark = ON_REDIS_TOO


def meet(
    guests: Guests, *, socket_first: bool, chat_type: str = "text"
) -> tuple[SocketClient, RestClient]:
    """A socket and a REST client who have met and have heard of it."""
    socket, rest = guests.socket(), guests.rest()
    first, second = (socket, rest) if socket_first else (rest, socket)
    assert first.start(chat_type)["status"] == "waiting"
    assert second.start(chat_type)["status"] == "matched"
    socket.expect("matched")
    (event,) = rest.receive()["events"]
    assert event["event"] == "matched"
    return socket, rest


@pytest.mark.parametrize("socket_first", [True, False])
def test_a_socket_and_a_rest_client_meet_and_talk_both_ways(
    guests: Guests, socket_first: bool
) -> None:
    socket, rest = meet(guests, socket_first=socket_first)
    sent = socket.send("from the socket")
    (message,) = rest.receive()["messages"]
    assert (message["text"], message["id"]) == ("from the socket", sent["message_id"])
    sent = rest.send("from afar")
    heard = socket.expect("new_message")
    assert (heard["message"]["text"], heard["seq"]) == ("from afar", sent["seq"])


def test_a_long_poll_hears_a_socket(guests: Guests, meanwhile: Meanwhile) -> None:
    socket, rest = meet(guests, socket_first=True)
    poll = meanwhile(rest.receive, 25)
    socket.send("now")
    assert poll.result(TIMEOUT)["messages"][0]["text"] == "now"


def test_a_rest_client_sees_the_signals_of_a_socket_as_events(guests: Guests) -> None:
    socket, rest = meet(guests, socket_first=False, chat_type="video")
    signal = {"type": "offer", "sdp": "v=0", "more": {"世界": [1, None]}}
    socket.signal(signal)
    socket.call("typing", {"session_id": socket.session_id, "is_typing": True})
    (event,) = rest.receive()["events"]
    assert (event["event"], event["seq"]) == ("webrtc_signal", 2)
    assert event["data"] == {"session_id": rest.session_id, "seq": 2, "signal": signal}


def test_a_socket_hears_a_rest_client_leave(guests: Guests) -> None:
    socket, rest = meet(guests, socket_first=True)
    rest.leave()
    assert socket.expect("partner_disconnected")["reason"] == "left"
    assert rest.send("too late")["code"] == "session_ended"


def test_a_rest_client_sees_a_socket_leave(guests: Guests) -> None:
    socket, rest = meet(guests, socket_first=True)
    socket.call("leave_session", {"session_id": socket.session_id})
    received = rest.receive()
    assert received["disconnected"]
    assert [event["event"] for event in received["events"]] == ["partner_disconnected"]


def test_a_session_started_by_rest_is_taken_over_by_a_socket(guests: Guests) -> None:
    rest, one, other = guests.rest(), guests.socket(), guests.socket()
    rest.start("video")
    one.join(rest.session_id)
    other.start("video")
    assert one.expect("matched")["session_id"] == rest.session_id
    other.expect("matched")
    one.signal({"type": "offer"})
    assert other.expect("webrtc_signal")["signal"] == {"type": "offer"}
    other.send("Hi")
    assert one.expect("new_message")["message"]["text"] == "Hi"


def test_what_was_sent_before_the_socket_joined_waits_in_its_inbox(guests: Guests) -> None:
    rest, one, other = guests.rest(), guests.socket(), guests.socket()
    rest.start("video")
    one.start("video")
    one.expect("matched")
    one.signal({"type": "offer"})
    one.send("Anybody there?")
    one.signal({"candidate": "a=1"})
    answer = other.join(rest.session_id)
    assert (answer["last_seq"], answer["gap"]) == (4, False)
    assert other.expect("matched")["seq"] == 1
    assert other.expect("webrtc_signal")["signal"] == {"type": "offer"}
    assert other.expect("new_message")["message"]["text"] == "Anybody there?"
    assert other.expect("webrtc_signal") == {
        "session_id": rest.session_id,
        "seq": 4,
        "signal": {"candidate": "a=1"},
    }


def test_a_session_with_a_socket_can_be_read_by_rest_as_well(guests: Guests) -> None:
    socket, rest = meet(guests, socket_first=True)
    rest.send("twice heard")
    socket.expect("new_message")
    reader = guests.rest()
    reader.session_id = socket.session_id
    received = reader.receive()
    assert [message["text"] for message in received["messages"]] == ["twice heard"]
    assert [event["event"] for event in received["events"]] == ["matched"]
    rest.send("still by socket")
    assert socket.expect("new_message")["seq"] == 3


def test_a_client_id_is_the_same_whichever_way_it_is_sent_again(guests: Guests) -> None:
    socket, rest = meet(guests, socket_first=True)
    sent = rest.send("once", client_id="1")
    again = guests.socket()
    again.join(rest.session_id, after=1)
    assert again.send("once", client_id="1") == sent
    again.send("end")
    assert socket.expect("new_message")["message"]["text"] == "once"
    assert socket.expect("new_message")["message"]["text"] == "end"
