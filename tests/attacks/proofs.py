"""Proofs of work, as clients make them, and as others would like to."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from typing import Any

import altcha
import msgspec

from rendezvous.protocol.replies import Challenge
from tests.harness.clients import Json


def solved(challenge: Json | Challenge) -> str:
    """A proof, as a client makes it."""
    known = altcha.Challenge.from_dict(msgspec.to_builtins(challenge))
    solution = altcha.solve_challenge(known)
    assert solution is not None
    solution.time = None
    return altcha.Payload(known, solution).to_base64()


def read(proof: str) -> Any:
    """What is in a proof."""
    return json.loads(b64decode(proof))


def written(payload: Json) -> str:
    """The proof of which this is the contents."""
    return b64encode(json.dumps(payload).encode()).decode()


def changed(proof: str, *path: str, to: object) -> str:
    """The same with another value in one place."""
    payload = read(proof)
    part = payload
    for name in path[:-1]:
        part = part[name]
    part[path[-1]] = to
    return written(payload)
