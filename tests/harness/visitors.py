"""What somebody shows who has been here before."""

from __future__ import annotations

import time

from itsdangerous import TimestampSigner

from rendezvous.safety.address import Addresses
from rendezvous.safety.visitor import COOKIE, Visitors
from tests.harness.servers import SETTINGS

DAY = 86_400  # s


def known(visitor: str, days: float = 0) -> dict[str, str]:
    """The cookie that somebody was given so many days ago, as a header."""

    class Past(TimestampSigner):
        def get_timestamp(self) -> int:
            return int(time.time() - days * DAY)

    key = SETTINGS["SECRET_KEY"]
    signer = Visitors(key, Addresses())._signer
    past = Past(key, salt=signer.salt, digest_method=signer.digest_method)
    return {"Cookie": f"{COOKIE}={past.sign(visitor).decode()}"}
