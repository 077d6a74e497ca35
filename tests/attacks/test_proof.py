"""Proofs of work that are none: replayed, expired, spliced, forged."""

from __future__ import annotations

import time

import pytest
import requests

from rendezvous.safety.counters import LocalCounters
from rendezvous.safety.proof import LIFETIME, ProofOfWork
from tests.attacks.conftest import DEFAULTS
from tests.attacks.people import caller
from tests.attacks.proofs import changed, read, solved, written
from tests.conftest import Launch
from tests.harness.clients import TIMEOUT
from tests.harness.guests import Guests
from tests.harness.servers import SETTINGS, WITH_REDIS, Server

FORGERIES: dict[str, tuple[tuple[str, ...], object]] = {
    "prolonged": (("challenge", "parameters", "expiresAt"), 9_999_999_999),
    "made easy": (("challenge", "parameters", "keyPrefix"), ""),
    "made cheap": (("challenge", "parameters", "cost"), 0),
    "made dear": (("challenge", "parameters", "cost"), 10**12),
    "of another kind": (("challenge", "parameters", "algorithm"), "SHA-256"),
    "unsigned": (("challenge", "signature"), ""),
    "signed by nobody": (("challenge", "signature"), "00" * 32),
    "guessed": (("solution", "counter"), 0),
    "negative": (("solution", "counter"), -1),
    "endless": (("solution", "counter"), 10**18),
    "another key": (("solution", "derivedKey"), "00" * 32),
    "no key": (("solution", "derivedKey"), ""),
    "not even a number": (("solution", "counter"), "1"),
    "nothing": (("solution",), None),
    "more": (("challenge", "parameters", "data"), {"deep": [[[[]]]]}),
}
JUNK = ["", "{}", "e30=", "bnVsbA==", "W1tbW1s=" * 200]


@pytest.fixture(scope="session", params=["memory", "Redis"])
def stack(request: pytest.FixtureRequest) -> str:
    """Where it is remembered which proofs have been used; no database is asked."""
    return str(request.param)


@pytest.fixture(scope="session")
def server(stack: str, launch: Launch) -> Server:
    kind = WITH_REDIS if stack == "Redis" else "run.py"
    return launch(kind, PROOF_OF_WORK="always", PROOF_COST="1", **DEFAULTS)


def fresh(server: Server) -> str:
    """A proof of which no guess is right by chance."""
    while True:
        answer = requests.get(f"{server.url}/challenge", timeout=TIMEOUT)
        assert answer.headers["Cache-Control"] == "no-store"
        proof = solved(answer.json())
        if read(proof)["solution"]["counter"] != 0:
            return proof


def is_refused(guests: Guests, proof: str | None) -> bool:
    """By both doors, each from an address of its own."""
    body = {} if proof is None else {"proof": proof}
    rest = caller(guests)
    answer = rest.post("/start", body)
    if answer.ok:
        rest.sessions.append(answer.json()["session_id"])
        return False
    assert (answer.status_code, answer.json()["code"]) == (428, "proof_required")
    assert guests.raw().start(**body)["code"] == "proof_required"
    return True


def test_a_proof_is_good_once_and_at_one_door(guests: Guests) -> None:
    proof = fresh(guests.server)
    assert is_refused(guests, None)
    assert not is_refused(guests, proof)
    assert is_refused(guests, proof)
    assert caller(guests).post("/start_video", {"proof": proof}).status_code == 428


def test_an_expired_proof_is_none(guests: Guests, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = ProofOfWork(SETTINGS["SECRET_KEY"], LocalCounters(), on=True, cost=1)
    assert not is_refused(guests, solved(ours.challenge()))
    then = time.time() - LIFETIME - 2
    with monkeypatch.context() as past:
        past.setattr(time, "time", lambda: then)
        expired = ours.challenge()
    assert is_refused(guests, solved(expired))


def test_a_solution_of_one_challenge_is_none_of_another(guests: Guests) -> None:
    one, other = (read(fresh(guests.server)) for _ in range(2))
    assert is_refused(guests, written({**one, "solution": other["solution"]}))
    assert is_refused(guests, written({**one, "challenge": other["challenge"]}))
    parameters = {**one["challenge"], "parameters": other["challenge"]["parameters"]}
    assert is_refused(guests, written({**one, "challenge": parameters}))


def test_another_servers_challenge_is_none_of_ours(guests: Guests) -> None:
    other = ProofOfWork("another secret", LocalCounters(), on=True, cost=1)
    assert is_refused(guests, solved(other.challenge()))


@pytest.mark.parametrize("forgery", list(FORGERIES))
def test_a_forged_proof_is_none(guests: Guests, forgery: str) -> None:
    proof = fresh(guests.server)
    path, value = FORGERIES[forgery]
    assert is_refused(guests, changed(proof, *path, to=value))
    assert not is_refused(guests, proof)


def test_what_is_no_proof_at_all_is_refused(guests: Guests) -> None:
    for junk in JUNK:
        assert is_refused(guests, junk)


def test_a_refused_start_leaves_the_chat_as_it_is(guests: Guests) -> None:
    client = guests.raw()
    proof = fresh(guests.server)
    assert client.start(proof=proof)["ok"]
    assert client.start(proof=proof)["code"] == "proof_required"
    assert guests.server.health()["online"] == 1
