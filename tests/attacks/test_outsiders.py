"""Who is not the partner, or no longer: nothing that they send reaches anybody."""

from __future__ import annotations

import secrets

from tests.attacks.people import at, caller, met, somewhere
from tests.harness.clients import Json, RestClient
from tests.harness.guests import Guests
from tests.harness.raw import RawSocket

BY_SOCKET: dict[str, Json] = {
    "send_message": {"message": "psst"},
    "webrtc_signal": {"signal": {"candidate": "psst"}},
    "typing": {"is_typing": True},
    "report": {"reason": "spam"},
    "block": {},
}
BY_REST: dict[str, Json] = {
    "/send": {"message": "psst"},
    "/report": {"reason": "spam"},
    "/block": {},
}


def tried(socket: RawSocket, rest: RestClient, session_id: str) -> dict[str, str]:
    """What every call that is about a stranger is answered, with this session."""
    body = {"session_id": session_id}
    said = {name: socket.ask(name, body | more) for name, more in BY_SOCKET.items()}
    said |= {path: rest.post(path, body | more).json() for path, more in BY_REST.items()}
    return {name: answer.get("code", "taken") for name, answer in said.items()}


def chat(guests: Guests) -> tuple[RawSocket, RawSocket]:
    """Two over sockets, who have heard of each other."""
    one, other = (guests.raw(headers=at(somewhere())) for _ in range(2))
    assert one.start("video")["status"] == "waiting"
    assert other.start("video")["status"] == "matched"
    for each in (one, other):
        each.expect("matched")
    return one, other


def hears_nothing(*clients: RawSocket) -> None:
    """Whatever was on its way to them would have come before this answer."""
    for client in clients:
        client.ask("join_session", {"session_id": client.session_id, "after": 1})
        assert client.heard == []


def test_who_guesses_a_session_is_told_nothing_and_reaches_nobody(guests: Guests) -> None:
    one, other = chat(guests)
    mal = guests.raw(headers=at(somewhere()))
    rest = caller(guests)
    known = one.session_id
    guesses = (secrets.token_urlsafe(18), known[:-1], known.swapcase(), known[::-1], one.sids[1])
    for guess in guesses:
        assert set(tried(mal, rest, guess).values()) == {"session_not_found"}
        assert mal.join(guess)["code"] == "session_not_found"
        read = rest.post("/receive", {"session_id": guess, "after": 0})
        assert read.json()["code"] == "session_not_found"
        rest.post("/disconnect", {"session_id": guess})
        mal.ask("leave_session", {"session_id": guess})
    hears_nothing(one, other)


def test_who_waits_has_nobody_to_write_to_or_to_report(guests: Guests) -> None:
    one, other = chat(guests)
    mal = guests.raw(headers=at(somewhere()))
    assert mal.start("text")["status"] == "waiting"
    answers = tried(mal, caller(guests), mal.session_id)
    assert set(answers.values()) == {"not_matched"}, answers
    hears_nothing(one, other)


def test_nobody_names_the_one_to_whom_they_write(guests: Guests) -> None:
    one, other = chat(guests)
    mal, _ = chat(guests)
    for name, more in BY_SOCKET.items():
        for field in ("to", "partner", "recipient", "target", "room", "sid"):
            body = {"session_id": mal.session_id, **more, field: one.session_id}
            assert mal.ask(name, body)["code"] == "invalid_request"
        several = {"session_id": [mal.session_id, one.session_id], **more}
        assert mal.ask(name, several)["code"] == "invalid_request"
    hears_nothing(one, other)


def test_who_has_gone_on_reaches_the_former_partner_no_more(guests: Guests) -> None:
    mal, left = chat(guests)
    former = mal.session_id
    honest = guests.raw(headers=at(somewhere()))
    mal.ask("leave_session", {"session_id": former})
    left.expect("partner_disconnected")
    assert left.start("video")["status"] == "waiting"
    assert honest.start("video")["status"] == "matched"
    for each in (left, honest):
        each.expect("matched")
    answers = tried(mal, caller(guests), former)
    # A report, or a block, is about that chat, and reaches moderators only.
    about = {name: answers.pop(name) for name in ("report", "/report", "block", "/block")}
    assert set(about.values()) == {"taken"}
    assert set(answers.values()) == {"session_ended"}, answers
    hears_nothing(left, honest)
    sent = left.ask("send_message", {"session_id": left.session_id, "message": "hello"})
    assert sent["ok"]
    assert honest.expect("new_message")["message"]["text"] == "hello"


def test_who_was_left_reaches_the_one_who_has_gone_on_no_more(guests: Guests) -> None:
    gone, mal = chat(guests)
    former = mal.session_id
    honest = guests.raw(headers=at(somewhere()))
    assert gone.start("video")["status"] == "waiting"
    assert honest.start("video")["status"] == "matched"
    for each in (gone, honest):
        each.expect("matched")
    answers = tried(mal, caller(guests), former)
    assert {answers[name] for name in ("send_message", "/send", "webrtc_signal", "typing")} == {
        "session_ended"
    }
    hears_nothing(gone, honest)


def test_over_rest_nothing_arrives_after_the_end_either(guests: Guests) -> None:
    mal, left = met(guests)
    mal.leave()
    assert mal.send("psst")["code"] == "session_ended"
    heard = left.receive()
    assert heard["messages"] == []
    assert [event["event"] for event in heard["events"]] == ["matched", "partner_disconnected"]
