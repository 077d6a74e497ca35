"""What the Socket.IO door does with input that no honest client would send."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from tests.contract.abuses import CLOSED, OWN, REFUSED, WITHOUT_ANSWER
from tests.contract.conftest import EXAMPLES, shown
from tests.harness.clients import TIMEOUT
from tests.harness.guests import Guests
from tests.harness.logs import Watch
from tests.harness.raw import CLOSE, EVENT, Closed, RawSocket
from tests.harness.servers import Server


def chat(guests: Guests) -> tuple[RawSocket, RawSocket]:
    """Somebody up to no good, and an honest partner."""
    rogue, partner = guests.raw(), guests.raw()
    rogue.start()
    partner.start()
    partner.expect("matched")
    rogue.expect("matched")
    return rogue, partner


def unharmed(guests: Guests, rogue: RawSocket, partner: RawSocket) -> None:
    """The partner has heard of no more than a lost connection, and the chat goes on."""
    back = guests.raw()
    assert back.join(rogue.session_id, after=1)["status"] == "matched"
    sent = back.ask("send_message", {"session_id": rogue.session_id, "message": "honest"})
    message = json.loads(partner.hear_until(f'{EVENT}["new_message"').removeprefix(EVENT))[1]
    assert message["message"]["id"] == sent["message_id"]
    names = {json.loads(packet.removeprefix(EVENT))[0] for packet in partner.heard}
    assert names <= {"partner_reconnecting", "partner_reconnected"}
    assert len(guests.log.complaints()) <= 1
    guests.log.must_be_calm()


def own(packet: str | bytes, rogue: RawSocket) -> str | bytes:
    """The packet with the session id of who sends it."""
    if isinstance(packet, bytes):
        return packet.replace(OWN.encode(), rogue.session_id.encode())
    return packet.replace(OWN, rogue.session_id)


@pytest.mark.parametrize("array", REFUSED, ids=shown)
def test_a_wrong_event_is_refused_by_code(guests: Guests, array: str) -> None:
    rogue, partner = chat(guests)
    answer = rogue.ask_as_it_is(own(array, rogue))
    assert answer.keys() == {"ok", "error", "code"}
    assert not answer["ok"]
    assert answer["code"] == "invalid_request"
    assert 0 < len(answer["error"]) <= 200
    typing = {"session_id": rogue.session_id, "is_typing": True}
    assert rogue.ask("typing", typing)["ok"]
    assert partner.expect("partner_typing")["is_typing"]
    assert rogue.heard == []
    unharmed(guests, rogue, partner)


@pytest.mark.parametrize("packet", WITHOUT_ANSWER, ids=shown)
def test_a_packet_that_cannot_be_answered_has_no_effect(guests: Guests, packet: str) -> None:
    rogue, partner = chat(guests)
    rogue.say(own(packet, rogue))
    with suppress(Closed, OSError):
        rogue.ask("join_session", {"session_id": rogue.session_id, "after": 1})
    assert not [heard for heard in rogue.heard if not heard.startswith("44")]  # no to a CONNECT
    unharmed(guests, rogue, partner)


@pytest.mark.parametrize("packet", CLOSED, ids=shown)
def test_a_packet_against_the_protocol_closes_the_connection(
    guests: Guests, packet: str | bytes
) -> None:
    rogue, partner = chat(guests)
    rogue.say(own(packet, rogue))
    assert rogue.hear_until_closed().code in {1002, 1003, 1007, 1008, 1009}
    assert rogue.heard == []
    unharmed(guests, rogue, partner)


@pytest.mark.parametrize("announced", [True, False])
def test_binary_data_closes_the_connection(guests: Guests, announced: bool) -> None:
    rogue, partner = chat(guests)
    if announced:
        rogue.say('451-7["send_message",{"_placeholder":true,"num":0}]')
    with suppress(OSError):
        rogue.say_binary(b"\x00" * 1_000)
    assert rogue.hear_until_closed().code in {1003, 1008}
    unharmed(guests, rogue, partner)


def test_a_message_of_2000_characters_passes_and_a_longer_one_does_not(guests: Guests) -> None:
    one, other = guests.pair()
    assert one.send("\U0001f600" * 2_001)["code"] == "too_large"
    assert one.send("\U0001f600" * 2_000)["ok"]
    assert other.expect("new_message")["message"]["text"] == "\U0001f600" * 2_000


def test_unusual_spellings_of_a_right_event_are_right(guests: Guests) -> None:
    rogue, partner = chat(guests)
    for name in ('"typing"', '"\\u0074yping"', ' "typing" '):
        array = f'[{name}, {{ "is_typing" : true, "session_id": "{rogue.session_id}" }} ]'
        assert rogue.ask_as_it_is(array) == {"ok": True}
        assert partner.expect("partner_typing")["is_typing"]


def test_the_default_namespace_may_be_spelt_out(guests: Guests) -> None:
    rogue, partner = chat(guests)
    rogue.say(f'42/,71["typing",{{"session_id":"{rogue.session_id}","is_typing":true}}]')
    assert rogue.hear() == '4371[{"ok":true}]'
    assert partner.expect("partner_typing")["is_typing"]
    rogue.say('42/,72["disconnect","x"]')
    assert rogue.hear().startswith('4372[{"error":')
    unharmed(guests, rogue, partner)


def test_events_before_the_connect_or_after_the_disconnect_have_no_effect(
    hasty_guests: Guests,
) -> None:
    one, other = hasty_guests.rest_pair("video")
    early, late = hasty_guests.raw(connect=False), hasty_guests.raw()
    late.say("41")
    for rogue in (early, late):
        data = {"session_id": one.session_id, "message": "too early, too late"}
        rogue.say(f"427{json.dumps(['send_message', data])}")
    for rogue in (early, late):
        rogue.hear_until_closed()  # which they are when they do not connect in time
        assert rogue.heard == []
    assert other.receive()["messages"] == []


def test_an_unknown_connection_is_refused_and_not_written_down(guests: Guests) -> None:
    sid = "nobody-has-this-one"
    url = f"{guests.server.url}/socket.io/?EIO=4&transport=polling&sid={sid}"
    for response in (requests.get(url, timeout=TIMEOUT), requests.post(url, "4", timeout=TIMEOUT)):
        assert response.status_code == 400
    guests.log.must_be_calm(secrets=[sid])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4)
    ),
    max_leaves=15,
)
FIELDS = ["session_id", "message", "client_id", "signal", "after", "interests", "is_typing"]
NEARLY_RIGHT = st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, JSON))
EVENTS = ["start", "join_session", "leave_session", "send_message", "typing", "webrtc_signal"]


def test_any_json_is_answered(server: Server) -> None:
    log = Watch(server)
    with Guests(server) as guests:
        socket = guests.raw()

        @EXAMPLES
        @given(st.sampled_from(EVENTS) | st.text(max_size=12), st.lists(JSON | NEARLY_RIGHT))
        def say(event: str, data: list[Any]) -> None:
            answer = socket.ask_as_it_is(json.dumps([event, *data]))
            assert answer["ok"] is False
            assert answer["code"] in {"invalid_request", "session_not_found"}

        say()
    log.must_be_calm()


def test_any_text_is_survived(server: Server) -> None:
    log = Watch(server)
    with Guests(server) as guests:

        @EXAMPLES
        @given(
            st.lists(
                st.text(max_size=12)
                | st.from_regex(r"\A4[0-9]{1,3}(-|/x,)?\[?[\"a-z{}0-9]*\]?\Z")
                | st.sampled_from(['42["start"', "40", "41", '450-["x"]'])
            )
        )
        def say(packets: list[str]) -> None:
            rogue = guests.raw()
            with suppress(OSError):
                for packet in (*packets, CLOSE):
                    rogue.say(packet)
            rogue.hear_until_closed()
            rogue.disconnect()
            assert server.health()["status"] == "healthy"

        say()
    log.must_be_calm()
