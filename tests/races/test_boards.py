"""Ten thousand races of claim, leave and death on both switchboards, with the whole policy on.

RACES and RACES_SEED choose others.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from random import Random

import pytest

from rendezvous.matching import Widening
from rendezvous.switchboard import MemorySwitchboard, RedisSwitchboard, Switchboard, Terms
from tests.harness.redis_server import RedisServer
from tests.races.boards import Racer
from tests.races.records import Records
from tests.races.remains import Remains
from tests.switchboard.conftest import Clock, opened

ACTS = int(os.environ.get("RACES", "10000"))
RACERS = 4
ROUNDS = 25
CALM_CHECKS = 40  # by one racer alone, so that nothing is under way when everybody is looked at
CALM_ACTS = 15
FOR_EVER = 1e6
TERMS = Terms(
    widening=Widening(arrivals=1, soonest=1, latest=1),
    not_again=20,
    not_again_for=FOR_EVER,
    again_after=FOR_EVER,
    alive_within=0.5,
    answer_within=0.3,
)
LONG_ENOUGH = TERMS.widening.latest + 0.1
WORKER_LEASE = 5

Hire = Callable[[], Switchboard]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["memory", "redis"])
def hire(request: pytest.FixtureRequest, clock: Clock) -> Iterator[Hire]:
    """Make a worker; those of the memory are all the same."""
    if request.param == "memory":
        board = MemorySwitchboard(TERMS, clock)
        yield lambda: board
        return
    workers: list[RedisSwitchboard] = []

    def hire() -> RedisSwitchboard:
        workers.append(opened(server.url, clock, terms=TERMS))
        return workers[-1]

    with RedisServer() as server:
        yield hire
        for worker in workers:
            worker.shut()


def test_nobody_is_matched_twice_and_no_place_is_lost(hire: Hire, clock: Clock) -> None:
    seed = int(os.environ.get("RACES_SEED") or secrets.randbits(32))
    print(f"RACES_SEED={seed}")  # noqa: T201 - pytest shows it when the test fails
    random, records = Random(seed), Records()
    racers = [
        Racer(str(each), hire, records, Random(random.random()), clock.pass_by)
        for each in range(RACERS)
    ]
    # Nothing in memory waits, so that there one after the other is as good as all at once.
    at_once = 1 if isinstance(racers[0].board, MemorySwitchboard) else RACERS
    for _ in range(ROUNDS):
        race = partial(Racer.run, acts=ACTS // ROUNDS // RACERS)
        with ThreadPoolExecutor(at_once) as pool:
            list(pool.map(race, racers))
        agree(records, racers[0].board)
        random.choice(racers).die()
        for _ in range(random.randint(1, WORKER_LEASE + 1)):
            clock.pass_by(random.choice([0.5, 1]))
            for racer in racers:
                racer.sweep()
                racer.widen()
        agree(records, racers[0].board)
    records.nobody_met_again()
    assert records.questions
    assert records.upgrades
    assert any(match.asker for match in records.matches)
    board = racers[0].board
    remains = Remains(records, board)
    remains.come_back(random)
    for _ in range(CALM_CHECKS):  # nobody joins for a look, because who does is offered anew
        racers[0].run(CALM_ACTS)
        settle(records, remains, clock)
        agree(records, board)
    remains.come_back(random)
    settle(records, remains, clock)
    remains.drain()
    remains.leave()
    assert board.counts().online == 0


def settle(records: Records, remains: Remains, clock: Clock) -> None:
    """Give everybody the time to answer, and to meet whom they may."""
    clock.pass_by(LONG_ENOUGH)
    while remains.widen():
        clock.pass_by(LONG_ENOUGH)
    records.nobody_is_left_whom_somebody_suits()


def agree(records: Records, board: Switchboard) -> None:
    """See that the board counts whom the records count."""
    records.settle()
    records.agree(board.counts())
