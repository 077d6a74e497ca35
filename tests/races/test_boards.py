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

from rendezvous.matching import Profile, Widening
from rendezvous.switchboard import MemorySwitchboard, RedisSwitchboard, Switchboard, Terms
from tests.harness.redis_server import RedisServer
from tests.races.boards import Racer
from tests.races.lots import Records, Wait
from tests.switchboard.conftest import Clock, opened

ACTS = int(os.environ.get("RACES", "10000"))
RACERS = 4
ROUNDS = 25
FOR_EVER = 1e6
TERMS = Terms(
    widening=Widening(arrivals=1, soonest=1, latest=1),
    not_again=20,
    not_again_for=FOR_EVER,
    again_after=FOR_EVER,
    alive_within=0.5,
    answer_within=0.3,
)
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
    assert records.matches
    assert records.questions
    board = racers[0].board
    everybody_comes_back(records, board, clock, random)
    for wait in drain(records, board):
        assert board.leave(wait.session_id).endings, f"lost its place: {wait}"


def agree(records: Records, board: Switchboard) -> None:
    """See that the board counts whom the records count."""
    records.settle()
    counts = board.counts()
    for chat_type in counts.waiting:
        assert counts.waiting[chat_type] == len(records.waiting(chat_type))


def everybody_comes_back(
    records: Records, board: Switchboard, clock: Clock, random: Random
) -> None:
    """Whoever still waits joins, and answers whenever asked, until all have met who may."""
    for chat_type in board.counts().waiting:
        waiting = records.waiting(chat_type)
        for wait in random.sample(waiting, len(waiting)):
            wait.socket = f"last socket {records.number()}"
            records.note(board.join(wait.session_id, 0, wait.socket).effects)
    while widened_or_asked(records, board, clock):
        pass
    agree(records, board)


def widened_or_asked(records: Records, board: Switchboard, clock: Clock) -> bool:
    records.asked.clear()
    clock.pass_by(TERMS.widening.latest + 0.1)
    effects = [board.widen()]
    for session_id in effects[0].asks:
        socket = records.waits[session_id].socket
        assert socket is not None
        effects.append(board.vouch(session_id, socket))
    for each in effects:
        records.note(each)
    return any(each.matches or each.asks for each in effects)


def drain(records: Records, board: Switchboard) -> list[Wait]:
    """Newcomers whom anybody may meet take who waits, in the order in which they came.

    Returns who would not have them, because of what they have pinned.
    """
    left: list[Wait] = []
    for chat_type in board.counts().waiting:
        open_to_all = [each for each in records.waiting(chat_type) if not is_picky(each)]
        left += [each for each in records.waiting(chat_type) if is_picky(each)]
        taken: list[Wait] = []
        while len(taken) < len(open_to_all):
            alone = f"newcomer {records.number()}"
            begun = board.start(Profile(chat_type, (alone,), "eo", alone), alone)
            asked = [
                board.vouch(each, records.waits[each].socket or "") for each in begun.effects.asks
            ]
            (match,) = [match for each in (begun.effects, *asked) for match in each.matches]
            (partner,) = (each for each in match.sessions if each != begun.session_id)
            taken.append(records.waits[partner])
            board.leave(begun.session_id)
        for place, wait in enumerate(taken):
            for later in taken[place + 1 :]:
                assert later.begun > wait.called, f"{later} had come before {wait}"
    return left


def is_picky(wait: Wait) -> bool:
    return bool(wait.profile.pinned and wait.profile.interests)
