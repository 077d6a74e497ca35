"""What somebody is told who waits: the place, an estimate, and whom they look for by now."""

from __future__ import annotations

from rendezvous.matching import LEVELS
from tests.contract.conftest import ON_REDIS_TOO
from tests.harness.clients import Json, SocketClient, wait_for
from tests.harness.guests import Guests

pytestmark = ON_REDIS_TOO
ALONE: Json = {"interests": ["something that nobody else likes"], "language": "tlh"}
PINNED: Json = {**ALONE, "pinned": ["interests", "language"]}


def news(client: SocketClient) -> Json:
    """What it is told next, without its secret."""
    told = client.next_news()
    assert told.pop("session_id") == client.session_id
    return told


def test_who_waits_hears_of_every_widening(guests: Guests) -> None:
    one = guests.socket()
    one.start("text", **ALONE)
    heard = [news(one)["widened_to"]]
    while heard[-1] != "anyone":
        heard.append(news(one)["widened_to"])
    # A machine with other things to do may leave one out, but tells none twice.
    assert heard == [level for level in LEVELS if level in heard]


def test_the_place_is_the_one_in_the_queue(guests: Guests) -> None:
    first, second, third = (guests.socket() for _ in range(3))
    for number, client in enumerate((first, second, third)):
        client.start("text", **{**PINNED, "interests": [f"the secret of number {number}"]})
    assert [news(client)["position"] for client in (first, second, third)] == [1, 2, 3]
    other = guests.socket()
    other.start("video", **PINNED)
    assert news(other)["position"] == 1
    first.call("leave_session", {"session_id": first.session_id})
    wait_for(lambda: news(third)["position"] == 2, "the third moves up")


def test_who_comes_back_on_another_socket_hears_of_it_there(guests: Guests) -> None:
    one, back = guests.socket(), guests.socket()
    one.start("text", **PINNED)
    news(one)
    back.join(one.session_id)
    told = news(back)
    assert (told["position"], told["widened_to"]) == (1, "exact")


def test_a_client_without_a_socket_is_told_with_what_it_receives(guests: Guests) -> None:
    one, other = guests.rest(), guests.rest()
    one.start("text", **PINNED)
    told = one.receive()["waiting"]
    assert (told["position"], told["widened_to"]) == (1, "exact")
    other.start("text", **PINNED)
    assert "waiting" not in one.receive()
    one.leave()
    assert "waiting" not in other.receive()


def test_a_client_without_a_socket_sees_how_far_it_looks(guests: Guests) -> None:
    one = guests.rest()
    one.start("text", **{**ALONE, "pinned": ["interests"]})
    wait_for(lambda: one.receive()["waiting"]["widened_to"] == "interest", "the wait widens")
