"""Proof of work: one solution, for its own challenge, once, for a few minutes."""

from __future__ import annotations

import json
import time
from base64 import b64decode, b64encode
from typing import Any

import altcha
import msgspec
import pytest
import requests
from limits import parse

from rendezvous.protocol.replies import Challenge
from rendezvous.refusals import Refused
from rendezvous.safety.counters import LocalCounters
from rendezvous.safety.proof import LIFETIME, ProofOfWork
from tests.conftest import Launch
from tests.harness.clients import TIMEOUT
from tests.harness.guests import Guests
from tests.harness.servers import Server
from tests.switchboard.conftest import Clock

Json = dict[str, Any]
SECRET = "a secret for tests"


def solved(challenge: Json) -> str:
    """A proof, as a client makes it."""
    known = altcha.Challenge.from_dict(challenge)
    solution = altcha.solve_challenge(known)
    assert solution is not None
    solution.time = None
    return altcha.Payload(known, solution).to_base64()


def plain(challenge: Challenge) -> Json:
    return dict(msgspec.to_builtins(challenge))


def changed(proof: str, *path: str, to: object) -> str:
    payload = json.loads(b64decode(proof))
    part = payload
    for name in path[:-1]:
        part = part[name]
    part[path[-1]] = to
    return b64encode(json.dumps(payload).encode()).decode()


def works(**how: Any) -> ProofOfWork:
    return ProofOfWork(SECRET, LocalCounters(), **{"on": True, "cost": 1, **how})


def is_refused(work: ProofOfWork, proof: str | None) -> bool:
    try:
        work.check(proof)
    except Refused as refused:
        return refused.code == "proof_required"
    return False


def test_a_solution_is_good_once() -> None:
    work = works()
    proof = solved(plain(work.challenge()))
    assert is_refused(work, None)
    assert not is_refused(work, proof)
    assert is_refused(work, proof)


def test_a_solution_does_not_last(monkeypatch: pytest.MonkeyPatch) -> None:
    work = works()
    proof = solved(plain(work.challenge()))
    later = time.time() + LIFETIME + 2
    monkeypatch.setattr(time, "time", lambda: later)
    assert is_refused(work, proof)


def test_a_solution_of_one_challenge_is_none_of_another() -> None:
    work = works()
    one, other = (json.loads(b64decode(solved(plain(work.challenge())))) for _ in range(2))
    for part in ("challenge", "solution"):
        spliced = {**one, part: other[part]}
        if spliced["solution"] != spliced["challenge"]:
            assert is_refused(work, b64encode(json.dumps(spliced).encode()).decode())


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


@pytest.mark.parametrize("forgery", list(FORGERIES))
def test_a_forged_solution_is_none(forgery: str) -> None:
    work = works()
    while (proof := solved(plain(work.challenge()))) and _counter(proof) == 0:
        pass  # because 0 is what one of the forgeries guesses
    path, value = FORGERIES[forgery]
    assert is_refused(work, changed(proof, *path, to=value))
    assert not is_refused(work, proof)


def _counter(proof: str) -> int:
    return int(json.loads(b64decode(proof))["solution"]["counter"])


@pytest.mark.parametrize("junk", ["", "{}", "e30=", "bnVsbA==", "\udc80", "W1tbW1s=" * 200])
def test_what_is_no_proof_at_all_is_refused(junk: str) -> None:
    assert is_refused(works(), junk)


def test_another_servers_challenge_is_not_ours() -> None:
    other = ProofOfWork("another secret", LocalCounters(), on=True, cost=1)
    assert is_refused(works(), solved(plain(other.challenge())))


def test_while_it_is_calm_nobody_is_asked() -> None:
    clock = Clock()
    work = works(rate=parse("3/minute"), clock=clock)
    assert [is_refused(work, None) for _ in range(5)] == [False] * 3 + [True] * 2
    assert not is_refused(work, solved(plain(work.challenge())))
    clock.pass_by(60)
    assert not is_refused(work, None)


def test_switched_off_nobody_is_asked_and_nothing_is_given_out() -> None:
    work = works(on=False)
    assert not is_refused(work, None)
    with pytest.raises(Refused, match="not_found"):
        work.challenge()


@pytest.fixture(scope="module")
def server(launch: Launch) -> Server:
    return launch(PROOF_OF_WORK="always", PROOF_COST="1")


def proof_from(server: Server) -> str:
    answer = requests.get(f"{server.url}/challenge", timeout=TIMEOUT)
    assert answer.headers["Cache-Control"] == "no-store"
    return solved(answer.json())


def test_by_rest_a_start_takes_a_proof(guests: Guests) -> None:
    rest = guests.rest()
    refused = rest.post("/start", {})
    assert (refused.status_code, refused.json()["code"]) == (428, "proof_required")
    proof = proof_from(guests.server)
    assert rest.start(proof=proof)["status"] == "waiting"
    assert rest.post("/start_video", {"proof": proof}).json()["code"] == "proof_required"


def test_by_socket_a_start_takes_a_proof_and_a_refused_one_leaves_the_chat(guests: Guests) -> None:
    client = guests.socket()
    assert client.start()["code"] == "proof_required"
    proof = proof_from(guests.server)
    assert client.start(proof=proof)["ok"]
    assert client.start(proof=proof)["code"] == "proof_required"
    assert guests.server.health()["online"] == 1
