"""One address that opens session after session; all 10,000 of them in `make attacks`."""

from __future__ import annotations

from collections.abc import Callable

from tests.attacks.flood import HONEST, MOST, flood
from tests.attacks.options import Options
from tests.harness.servers import Server


def test_one_address_holds_its_share_and_the_others_go_on_meeting(
    server: Server, options: Options, record_property: Callable[[str, object], None]
) -> None:
    outcome = flood(server, options.sessions, options.calm)
    record_property("figures", outcome.figures())
    # Those over REST end after 30 s without a call, and others are given in their place.
    assert outcome.given <= MOST * (2 + outcome.seconds / 30)
    assert outcome.most <= MOST + HONEST + 1, "it held more than its share"
    assert len(outcome.hurried) >= HONEST
