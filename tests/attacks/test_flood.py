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
    assert outcome.given <= 2 * MOST  # because a few of them end while others are asked for
    assert outcome.most <= MOST + HONEST + 1, "it held more than its share"
    assert len(outcome.hurried) >= HONEST
