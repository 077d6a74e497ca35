"""What the HTTP door does with input that no honest client would send."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from tests.contract.conftest import EXAMPLES, shown
from tests.harness.clients import RestClient
from tests.harness.guests import Guests
from tests.harness.logs import Watch
from tests.harness.servers import Server

OWN = "<the session>"  # stands for the client's own session id
CALLS = ["/start", "/start_video", "/send", "/receive", "/disconnect"]

WRONG_FIELDS: list[tuple[str, object]] = [
    ("/start", {"chat_type": "text"}),
    ("/start", {"interest": ["chess"]}),
    ("/start", {"interests": "chess"}),
    ("/start", {"interests": ["chess", 1]}),
    ("/start", {"interests": [""]}),
    ("/start", {"interests": ["x" * 51]}),
    ("/start", {"interests": [str(number) for number in range(11)]}),
    ("/start", {"interests": None}),
    ("/start", {"language": 1}),
    ("/start", {"language": ""}),
    ("/start", {"language": "English, please"}),
    ("/start", []),
    ("/start", "text"),
    ("/start", None),
    ("/start_video", {"chat_type": "video"}),
    ("/send", {}),
    ("/send", {"session_id": OWN}),
    ("/send", {"message": "x"}),
    ("/send", {"session_id": OWN, "message": ""}),
    ("/send", {"session_id": OWN, "message": " \t\n\u3000"}),
    ("/send", {"session_id": OWN, "message": 1}),
    ("/send", {"session_id": OWN, "message": None}),
    ("/send", {"session_id": OWN, "message": ["x"]}),
    ("/send", {"session_id": OWN, "message": {"text": "x"}}),
    ("/send", {"session_id": OWN, "message": "x", "to": "you"}),
    ("/send", {"session_id": OWN, "message": "x", "client_id": ""}),
    ("/send", {"session_id": OWN, "message": "x", "client_id": "x" * 65}),
    ("/send", {"session_id": OWN, "message": "x", "client_id": 1}),
    ("/send", {"session_id": "", "message": "x"}),
    ("/send", {"session_id": "x" * 65, "message": "x"}),
    ("/send", {"session_id": 1, "message": "x"}),
    ("/send", {"session_id": [OWN], "message": "x"}),
    ("/receive", {}),
    ("/receive", {"session_id": OWN, "wait": 25.1}),
    ("/receive", {"session_id": OWN, "wait": -1}),
    ("/receive", {"session_id": OWN, "wait": "1"}),
    ("/receive", {"session_id": OWN, "wait": True}),
    ("/receive", {"session_id": OWN, "after": -1}),
    ("/receive", {"session_id": OWN, "after": 1.5}),
    ("/receive", {"session_id": OWN, "after": 2**53}),
    ("/receive", {"session_id": OWN, "after": "1"}),
    ("/receive", {"session_id": OWN, "after": None}),
    ("/receive", {"session_id": OWN, "since": 1}),
    ("/disconnect", {}),
    ("/disconnect", {"session_id": None}),
    ("/disconnect", {"session_id": OWN, "reason": "left"}),
]

NOT_JSON: list[bytes] = [
    b"{",
    b"{}{}",
    b"{} x",
    b"nonsense",
    b"NaN",
    b'{"session_id": "OWN", "message": "x", "client_id": NaN}',
    b'{"session_id": "OWN", "message": Infinity}',
    b'{"session_id": "OWN", "message": -Infinity}',
    b'{"session_id": "OWN", "message": "x",}',
    b"{'session_id': 'OWN', 'message': 'x'}",
    b'{"session_id": "OWN", "message": "\\ud800"}',
    b'{"session_id": "OWN", "message": "\\udc00\\ud800"}',
    b'{"session_id": "OWN", "message": "\xed\xa0\x80"}',
    b'{"session_id": "OWN", "message": "\xff"}',
    b'{"session_id": "OWN", "message": "x\x00"}',
    b'{"session_id": "OWN", "message": "x"}'.decode().encode("utf-16"),
    b"session_id=OWN&message=x",
    b"\x00",
    b" ",
    b"[" * 60_000,
    b'{"message":' * 5_000 + b"1" + b"}" * 5_000,
    b'{"session_id": "OWN", "message": ' + b"[" * 20_000 + b"]" * 20_000 + b"}",
    b'{"session_id": "OWN", "message": "x", "client_id": 1' + b"0" * 5_000 + b"}",
]


def refused_in_peace(guests: Guests, other: RestClient, response: requests.Response) -> None:
    """One refusal with a sentence and a code, one line in the log, nothing at the partner's."""
    assert response.status_code == 400
    assert response.json()["code"] == "invalid_request"
    assert 0 < len(response.json()["error"]) <= 200
    received = other.receive()
    assert (received["messages"], received["events"]) == ([], [])
    assert received["status"] == "matched"
    assert len(guests.log.complaints()) == 1


@pytest.mark.parametrize(("path", "body"), WRONG_FIELDS, ids=shown)
def test_wrong_fields_are_refused(guests: Guests, path: str, body: Any) -> None:
    one, other = guests.rest_pair()
    text = json.dumps(body).replace(OWN, one.session_id)
    refused_in_peace(guests, other, guests.rest().post(path, data=text))


@pytest.mark.parametrize("data", NOT_JSON, ids=shown)
def test_what_is_not_json_is_refused(guests: Guests, data: bytes) -> None:
    one, other = guests.rest_pair()
    data = data.replace(b"OWN", one.session_id.encode())
    refused_in_peace(guests, other, guests.rest().post("/send", data=data))


@pytest.mark.parametrize("letter", ["x", "界", "\U0001f600"])
def test_a_message_of_2000_characters_passes_and_a_longer_one_does_not(
    guests: Guests, letter: str
) -> None:
    one, other = guests.rest_pair()
    body = {"session_id": one.session_id, "message": letter * 2_001}
    response = one.post("/send", body)
    assert (response.status_code, response.json()["code"]) == (413, "too_large")
    assert one.send(letter * 2_000)["ok"]
    assert [message["text"] for message in other.receive()["messages"]] == [letter * 2_000]
    assert len(guests.log.complaints()) == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=10), inner, max_size=5)
    ),
    max_leaves=20,
)
NEARLY_RIGHT = st.fixed_dictionaries(
    {},
    optional={
        "session_id": JSON,
        "message": JSON,
        "client_id": JSON,
        "after": JSON,
        "wait": st.just(0) | JSON.filter(lambda wait: not isinstance(wait, (int, float))),
        "interests": JSON,
        "language": JSON,
    },
)


def test_any_json_is_answered_or_refused(server: Server) -> None:
    log = Watch(server)
    with Guests(server) as guests:
        client = guests.rest()

        @EXAMPLES
        @given(st.sampled_from(CALLS), JSON | NEARLY_RIGHT)
        def send(path: str, body: object) -> None:
            response = client.post(path, data=json.dumps(body))
            assert response.status_code in {200, 400, 404}
            if "session_id" in response.json():
                client.sessions.append(response.json()["session_id"])

        send()
    log.must_be_calm()


def test_what_curl_calls_a_form_is_read_as_the_json_it_is(guests: Guests) -> None:
    one, other = guests.rest_pair()
    body = json.dumps({"session_id": one.session_id, "message": "x"})
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert one.post("/send", data=body, headers=kind).json()["ok"]
    assert len(other.receive()["messages"]) == 1
