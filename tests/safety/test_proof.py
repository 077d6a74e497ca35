"""Proof of work: when it is asked for. What is a proof, and what is none: tests/attacks."""

from __future__ import annotations

from typing import Any

import pytest
from limits import parse

from rendezvous.refusals import Refused
from rendezvous.safety.counters import LocalCounters
from rendezvous.safety.proof import ProofOfWork
from tests.attacks.proofs import solved
from tests.switchboard.conftest import Clock

SECRET = "a secret for tests"


def works(**how: Any) -> ProofOfWork:
    return ProofOfWork(SECRET, LocalCounters(), **{"on": True, "cost": 1, **how})


def is_refused(work: ProofOfWork, proof: str | None) -> bool:
    try:
        work.check(proof)
    except Refused as refused:
        return refused.code == "proof_required"
    return False


def test_while_it_is_calm_nobody_is_asked() -> None:
    clock = Clock()
    work = works(rate=parse("3/minute"), clock=clock)
    assert [is_refused(work, None) for _ in range(5)] == [False] * 3 + [True] * 2
    assert not is_refused(work, solved(work.challenge()))
    clock.pass_by(60)
    assert not is_refused(work, None)


def test_switched_off_nobody_is_asked_and_nothing_is_given_out() -> None:
    work = works(on=False)
    assert not is_refused(work, None)
    with pytest.raises(Refused, match="not_found"):
        work.challenge()
