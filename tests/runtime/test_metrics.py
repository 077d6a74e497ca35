"""`/metrics`: its families, counting rightly."""

from __future__ import annotations

import time

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from tests.conftest import Launch
from tests.harness.clients import TIMEOUT
from tests.harness.guests import Guests
from tests.harness.servers import Server


@pytest.fixture(scope="module")
def server(stack: str, launch: Launch) -> Server:
    """One that has not had any guests before."""
    return launch(stack)


def samples(text: str) -> dict[tuple[str, ...], float]:
    """Every sample by its name and the values of its labels."""
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_everything_is_counted_once_and_under_its_name(guests: Guests) -> None:
    began = time.monotonic()
    alone = guests.rest()
    alone.start("text")
    alone.leave()  # which is the end of no chat
    one, other = guests.pair("text")
    face, _ = guests.pair("video")
    rest, _ = guests.rest_pair("text")
    guests.rest().start("video")
    one.send("a", client_id="1")
    one.send("a", client_id="1")
    other.send("b")
    rest.send("c", client_id="2")
    rest.send("c", client_id="2")
    for number in range(3):
        face.signal({"number": number})
    one.send("")
    rest.send("x" * 2_001)
    rest.post("/receive", {"session_id": "nobody"})
    face.signal([])
    other.call("leave_session", {"session_id": other.session_id})
    one.send("too late")
    response = requests.get(f"{guests.server.url}/metrics", timeout=TIMEOUT)
    assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    found = samples(response.text)
    elapsed = time.monotonic() - began
    expected = {
        ("rendezvous_sessions", "text", "waiting"): 0,
        ("rendezvous_sessions", "video", "waiting"): 1,
        ("rendezvous_sessions", "matched", "text"): 2,
        ("rendezvous_sessions", "matched", "video"): 2,
        ("rendezvous_matches_total", "text"): 2,
        ("rendezvous_matches_total", "video"): 1,
        ("rendezvous_time_to_match_seconds_count", "text"): 2,
        ("rendezvous_time_to_match_seconds_count", "video"): 1,
        ("rendezvous_chat_duration_seconds_count", "text"): 1,
        ("rendezvous_relayed_total", "message"): 3,
        ("rendezvous_relayed_total", "signal"): 3,
        ("rendezvous_relay_latency_seconds_count", "message"): 3,
        ("rendezvous_relay_latency_seconds_count", "signal"): 3,
        ("rendezvous_refusals_total", "invalid_request"): 2,
        ("rendezvous_refusals_total", "too_large"): 1,
        ("rendezvous_refusals_total", "session_not_found"): 1,
        ("rendezvous_refusals_total", "session_ended"): 1,
    }
    assert {name: found[name] for name in expected} == expected
    assert 0 < found["rendezvous_chat_duration_seconds_sum", "text"] < elapsed
    assert 0 <= found["rendezvous_time_to_match_seconds_sum", "text"] < elapsed
    assert 0 < found["rendezvous_relay_latency_seconds_sum", "message"] < elapsed
    assert found["process_resident_memory_bytes",] > 0
    for session_id in guests.sessions():
        assert session_id[:6] not in response.text
