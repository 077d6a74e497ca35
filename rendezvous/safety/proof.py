"""Proof of work against floods of bots: who would start a chat computes for a moment first.

The challenges are those of ALTCHA, version 2: signed, with an expiry, found by trying.
"""

from __future__ import annotations

import time
from base64 import b64decode
from binascii import Error
from collections.abc import Callable

import altcha
import msgspec
from limits import RateLimitItem

from rendezvous.protocol.replies import Challenge
from rendezvous.refusals import Refused
from rendezvous.safety.buckets import Buckets
from rendezvous.safety.counters import Counters

ALGORITHM = "PBKDF2/SHA-256"  # which browsers have built in, off their main thread
PREFIX = "00"  # of the key that is to be found: one of 256 begins so
LIFETIME = 300  # s


class ProofOfWork:
    """Asks everybody for a proof; with a `rate`, only starts that exceed it; without `on`, nobody.

    `cost` are the iterations of one try, of which a proof takes 256 on average.
    """

    def __init__(
        self,
        secret: str,
        counters: Counters,
        *,
        on: bool,
        cost: int = 1_000,
        rate: RateLimitItem | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.on = on
        self._secret = f"proof of work {secret}"  # signs nothing else
        self._counters = counters
        self._cost = cost
        self._calm = Buckets(rate) if rate is not None else None
        self._clock = clock

    def challenge(self) -> Challenge:
        """One for somebody who may be asked. Raises Refused: "not_found" where nobody is."""
        if not self.on:
            raise Refused("not_found", "No proof is wanted here.")
        challenge = altcha.create_challenge(
            ALGORITHM,
            self._cost,
            key_prefix=PREFIX,
            expires_at=int(time.time()) + LIFETIME,
            hmac_secret=self._secret,
        )
        return msgspec.convert(challenge.to_dict(), Challenge)

    def check(self, proof: str | None) -> None:
        """Somebody would start a chat. Raises Refused: "proof_required"."""
        if not self.on or (proof is None and self._is_calm()):
            return
        if proof is None:
            raise Refused("proof_required")
        signature = self._verified(proof)
        if self._counters.count(f"proof/{signature}", LIFETIME) > 1:
            raise Refused("proof_required", "This proof has been used.")

    def _is_calm(self) -> bool:
        return self._calm is not None and not self._calm.take("all", self._clock())

    def _verified(self, proof: str) -> str:
        """The signature of the challenge that a proof is a proof for, by which it is known."""
        payload = _read(proof)
        result = altcha.verify_solution(payload, self._secret)
        signature = payload.challenge.signature
        if not result.verified or signature is None:
            why = "has expired" if result.expired else "does not hold"
            raise Refused("proof_required", f"This proof {why}.")
        return signature


class _Solution(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    counter: int
    derived_key: str


class _Payload(msgspec.Struct, forbid_unknown_fields=True):
    challenge: Challenge
    solution: _Solution


_PAYLOAD = msgspec.json.Decoder(_Payload)


def _read(proof: str) -> altcha.Payload:
    try:
        payload = _PAYLOAD.decode(b64decode(proof, validate=True))
    except (Error, ValueError, RecursionError):
        raise Refused("proof_required", "This is no proof.") from None
    return altcha.Payload.from_dict(msgspec.to_builtins(payload))
