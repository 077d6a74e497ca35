"""What time does, on a server for which everything is over soon."""

from __future__ import annotations

import queue
from contextlib import suppress

from tests.contract.conftest import ON_REDIS_TOO, Meanwhile
from tests.harness.clients import TIMEOUT, wait_for
from tests.harness.guests import Guests

pytestmark = ON_REDIS_TOO


def forgotten(guests: Guests, session_id: str) -> bool:
    """Whether the server knows nothing of a session any more; to ask keeps a live one alive."""
    reader = guests.rest()
    reader.session_id = session_id
    return reader.receive().get("code") == "session_not_found"


def test_who_does_not_come_back_in_time_ends_the_chat(hasty_guests: Guests) -> None:
    one, vanishing = hasty_guests.pair("video")
    other, leaving = hasty_guests.pair("video")
    vanishing.vanish()
    leaving.disconnect()
    for client, gone in ((one, vanishing), (other, leaving)):
        client.expect("partner_reconnecting")
        told = client.expect("partner_disconnected")
        assert (told["reason"], told["seq"]) == ("timeout", 3)
        assert client.send("x")["code"] == "session_ended"
        late = hasty_guests.socket()
        assert late.join(gone.session_id, after=1)["status"] == "ended"
        assert late.expect("session_ended")["reason"] == "inactivity"


def test_who_waits_and_does_not_come_back_is_never_given(hasty_guests: Guests) -> None:
    gone = hasty_guests.socket()
    gone.start()
    gone.vanish()
    wait_for(lambda: not hasty_guests.server.health()["online"], "the end of the session")
    assert hasty_guests.socket().start()["status"] == "waiting"


def test_a_session_whose_client_calls_no_more_ends(hasty_guests: Guests) -> None:
    rest, other = hasty_guests.rest(), hasty_guests.socket()
    rest.start("video")
    other.start("video")
    other.expect("matched")
    assert other.expect("partner_disconnected")["reason"] == "timeout"
    assert rest.receive()["disconnected"]


def test_a_held_call_keeps_a_session_alive(hasty_guests: Guests, meanwhile: Meanwhile) -> None:
    server = hasty_guests.server
    caller, silent, other = hasty_guests.rest(), hasty_guests.rest(), hasty_guests.socket()
    caller.start("video")
    poll = meanwhile(caller.receive, 25)
    silent.start("text")
    wait_for(lambda: not server.health()["waiting"]["text"], "the end of who does not call")
    assert other.start("video")["status"] == "matched"
    assert poll.result(TIMEOUT)["status"] == "matched"


def test_a_text_chat_ends_when_nobody_says_anything_and_no_other_does(
    hasty_guests: Guests,
) -> None:
    face, friend = hasty_guests.pair("video")
    one, other = hasty_guests.pair("text")
    idle, too = hasty_guests.pair("text")
    while one.send("x")["ok"] and other.expect("new_message"):
        with suppress(queue.Empty):
            assert idle.expect("session_ended", timeout=0.5)["reason"] == "inactivity"
            break
    ended = too.expect("session_ended")
    assert (ended["reason"], ended["seq"]) == ("inactivity", 2)
    assert idle.send("x")["code"] == "session_ended"
    assert one.send("y")["ok"]
    face.send("z")
    assert friend.expect("new_message")["seq"] == 2


def test_an_ended_session_answers_for_a_while_and_is_then_forgotten(hasty_guests: Guests) -> None:
    one, other = hasty_guests.rest_pair()
    one.leave()
    assert other.receive()["disconnected"]
    wait_for(lambda: forgotten(hasty_guests, other.session_id), "being forgotten")
    assert forgotten(hasty_guests, one.session_id)
    assert hasty_guests.socket().join(one.session_id)["code"] == "session_not_found"


def test_an_empty_house_has_nobody_in_it(hasty_guests: Guests) -> None:
    hasty_guests.pair("text")[0].vanish()
    hasty_guests.pair("video")
    hasty_guests.rest_pair()
    hasty_guests.rest().start("video")
    hasty_guests.socket().start("text")
    for client in hasty_guests.sockets:
        client.disconnect()
    wait_for(lambda: not hasty_guests.server.health()["online"], "everybody's end")
    health = hasty_guests.server.health()
    assert health["waiting"] == {"text": 0, "video": 0}
    assert health["chats"] == 0

    def all_forgotten() -> bool:
        return all(forgotten(hasty_guests, session_id) for session_id in hasty_guests.sessions())

    wait_for(all_forgotten, "being forgotten")
