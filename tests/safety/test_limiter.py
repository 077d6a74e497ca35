"""What is too much, and for how long, on a clock that the tests move."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from limits import parse

from rendezvous.refusals import Refused
from rendezvous.safety.accounts import MESSAGE, OTHER, SIGNAL, Accounts
from rendezvous.safety.buckets import Buckets
from rendezvous.safety.counters import LocalCounters
from rendezvous.safety.fading import SWEEP_AT
from rendezvous.safety.limiter import HANDLING, Limiter
from rendezvous.safety.rates import Pair, Rates
from rendezvous.safety.visitor import Caller
from rendezvous.switchboard.results import Effects, Ending
from tests.switchboard.conftest import Clock

RATES = Rates(
    starts=Pair.of("10/minute", "4/minute"),
    messages=Pair.of("10/minute", "5/minute"),
    signals=Pair.of("20/minute", "10/minute"),
    volume=Pair.of("20000/minute", "10000/minute"),
    reports=Pair.of("3/hour", "2/hour"),
    skip_seconds=3,
    skips_free=2,
    skip_cooldown=30,
)
ONE = Caller("203.0.113.7", "one")
NEIGHBOUR = Caller("203.0.113.7", "neighbour")
FAR_AWAY = Caller("203.0.113.8", "other")


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.pass_by(1_000)
    return clock


@pytest.fixture
def limiter(clock: Clock) -> Limiter:
    return Limiter(RATES, LocalCounters(clock), "a secret for tests", clock)


def wait_of(act: Callable[..., None], *arguments: object) -> float:
    """How long who is refused has to wait; 0 if nobody is."""
    try:
        act(*arguments)
    except Refused as refused:
        return refused.retry_after or math.nan
    return 0


class TestBuckets:
    def test_a_bucket_gives_what_is_in_it_and_then_a_little_at_a_time(self) -> None:
        buckets = Buckets(parse("6/minute"))
        assert [buckets.take("key", 0.0) for _ in range(6)] == [0.0] * 6
        assert buckets.take("key", 0.0) == pytest.approx(10.0)
        assert buckets.take("key", 9.0) == pytest.approx(1.0)
        assert buckets.take("key", 10.0) == 0.0
        assert buckets.take("key", 10.0) > 0.0
        assert buckets.take("another", 10.0) == 0.0

    def test_what_is_refused_is_not_taken(self) -> None:
        buckets = Buckets(parse("10/minute"))
        assert buckets.take("key", 0.0, 8) == 0.0
        assert buckets.take("key", 0.0, 5) > 0.0
        assert buckets.take("key", 0.0, 2) == 0.0

    def test_a_bucket_does_not_run_over(self) -> None:
        buckets = Buckets(parse("2/second"))
        assert [buckets.take("key", 1_000.0) for _ in range(2)] == [0.0, 0.0]
        assert buckets.take("key", 1_000.0) > 0.0

    def test_millions_of_keys_leave_nothing_behind(self) -> None:
        buckets = Buckets(parse("60/minute"))
        most = 0
        for number in range(50_000):
            buckets.take(f"key {number}", number / 100)  # full again after a second, 100 keys
            most = max(most, len(buckets))
        assert most <= SWEEP_AT + 1

    def test_sweeping_forgets_nobody_who_has_taken_much(self) -> None:
        buckets = Buckets(parse("60/minute"))
        assert buckets.take("greedy", 0.0, 60) == 0.0
        for number in range(3 * SWEEP_AT):
            buckets.take(f"key {number}", 1.5)
        assert buckets.take("greedy", 1.5, 2) > 0.0


class TestAccounts:
    def test_what_is_refused_for_its_kind_costs_no_bytes_either(self) -> None:
        accounts = Accounts(parse("100/minute"), parse("1/minute"), parse("1/minute"))
        assert accounts.charge("key", 0.0, MESSAGE, 10) == 0.0
        assert accounts.charge("key", 0.0, MESSAGE, 90) > 0.0
        assert accounts.charge("key", 0.0, SIGNAL, 90) == 0.0

    def test_what_is_refused_for_its_bytes_is_not_counted_either(self) -> None:
        accounts = Accounts(parse("100/minute"), parse("1/minute"), parse("1/minute"))
        assert accounts.charge("key", 0.0, MESSAGE, 101) > 0.0
        assert accounts.charge("key", 0.0, MESSAGE, 100) == 0.0

    def test_millions_of_senders_leave_nothing_behind(self) -> None:
        accounts = Accounts(parse("60/minute"), parse("60/minute"), parse("60/minute"))
        assert accounts.charge("greedy", 0.0, MESSAGE, 60) == 0.0
        for number in range(20_000):
            accounts.charge(str(number), number / 1_000, MESSAGE, 1)
            assert len(accounts) <= 2 * SWEEP_AT + 1
        assert accounts.charge("greedy", 20.0, MESSAGE, 50) > 0.0


class TestStarts:
    def test_a_visitor_has_so_many_and_is_told_when_to_come_back(
        self, limiter: Limiter, clock: Clock
    ) -> None:
        assert [wait_of(limiter.start, ONE) for _ in range(4)] == [0] * 4
        wait = wait_of(limiter.start, ONE)
        assert wait == 15
        assert wait_of(limiter.start, NEIGHBOUR) == 0
        clock.pass_by(wait)
        assert wait_of(limiter.start, ONE) == 0

    def test_fresh_visitors_do_not_get_past_their_address(self, limiter: Limiter) -> None:
        waits = [wait_of(limiter.start, Caller(ONE.address, str(n))) for n in range(20)]
        assert (waits[9], bool(waits[10])) == (0, True)
        assert wait_of(limiter.start, FAR_AWAY) == 0

    def test_reports_are_counted_apart(self, limiter: Limiter) -> None:
        assert [wait_of(limiter.report, ONE) for _ in range(2)] == [0, 0]
        assert wait_of(limiter.report, ONE) == 1_800
        assert wait_of(limiter.start, ONE) == 0


class TestSending:
    def test_messages_and_signals_are_counted_apart(self, limiter: Limiter) -> None:
        def send(kind: int) -> float:
            return wait_of(limiter.spend, ONE.address, ONE.visitor, kind, 10)

        assert [send(MESSAGE) for _ in range(5)] == [0] * 5
        assert send(MESSAGE) == 12
        assert [send(SIGNAL) for _ in range(10)] == [0] * 10
        assert send(SIGNAL) == 6
        assert send(OTHER) == 0

    def test_bytes_count_whatever_they_are(self, limiter: Limiter) -> None:
        large = 5_000 - HANDLING
        assert wait_of(limiter.spend, "", "one", OTHER, large) == 0
        assert wait_of(limiter.spend, "", "one", MESSAGE, large) == 0
        assert wait_of(limiter.spend, "", "one", SIGNAL, 0) > 0

    def test_many_visitors_do_not_get_past_their_address(self, limiter: Limiter) -> None:
        sent = [wait_of(limiter.spend, ONE.address, str(n), MESSAGE, 10) for n in range(12)]
        assert sum(not wait for wait in sent) == 10

    def test_who_has_no_address_is_known_as_a_visitor_only(self, limiter: Limiter) -> None:
        sent = [wait_of(limiter.spend, "", str(n), MESSAGE, 10) for n in range(50)]
        assert not any(sent)


def chat(seconds: float, sessions: int = 2) -> Effects:
    ids = tuple(map(str, range(sessions)))
    return Effects((), (), (Ending(ids, "text", "left", seconds, 0),))


class TestSkipping:
    def test_the_wait_grows_with_every_skip_and_has_an_end(
        self, limiter: Limiter, clock: Clock
    ) -> None:
        waits = []
        for _ in range(10):
            limiter.left(ONE, chat(0.5))
            waits.append(wait_of(limiter.start, ONE))
            clock.pass_by(waits[-1])
        assert waits[:2] == [0, 0]
        assert waits[2:] == sorted(waits[2:])
        assert waits[2] < waits[5] < waits[-1] == 30

    def test_who_stays_for_a_while_may_go_at_any_time(self, limiter: Limiter) -> None:
        for _ in range(10):
            limiter.left(ONE, chat(3.5))
        assert wait_of(limiter.start, ONE) == 0

    def test_who_gives_up_waiting_has_skipped_nobody(self, limiter: Limiter) -> None:
        for _ in range(10):
            limiter.left(ONE, chat(0.5, sessions=1))
        assert wait_of(limiter.start, ONE) == 0

    def test_neighbours_do_not_wait_for_one_skipper_but_for_many(self, limiter: Limiter) -> None:
        for _ in range(4):
            limiter.left(ONE, chat(0.5))
        assert wait_of(limiter.start, ONE)
        assert not wait_of(limiter.start, NEIGHBOUR)
        for number in range(6):
            limiter.left(Caller(ONE.address, f"cleared {number}"), chat(0.5))
        assert wait_of(limiter.start, NEIGHBOUR)
        assert not wait_of(limiter.start, FAR_AWAY)

    def test_skips_of_long_ago_are_forgiven(self, limiter: Limiter, clock: Clock) -> None:
        for _ in range(5):
            limiter.left(ONE, chat(0.5))
        clock.pass_by(601)
        limiter.left(ONE, chat(0.5))
        assert wait_of(limiter.start, ONE) == 0


def test_switched_off_everything_is_allowed(clock: Clock) -> None:
    limiter = Limiter(None, LocalCounters(clock), "a secret for tests", clock)
    for _ in range(1_000):
        limiter.start(ONE)
        limiter.report(ONE)
        limiter.left(ONE, chat(0))
        limiter.spend(ONE.address, ONE.visitor, MESSAGE, 100_000)


def test_a_place_does_not_tell_the_address(limiter: Limiter) -> None:
    place = limiter.place_of(ONE.address)
    assert place == limiter.place_of(ONE.address)
    assert place != limiter.place_of(FAR_AWAY.address)
    assert ONE.address not in place
    assert limiter.place_of("") == ""
    another = Limiter(RATES, LocalCounters(), "another secret")
    assert another.place_of(ONE.address) != place


def test_the_time_to_wait_is_in_whole_seconds_and_never_none() -> None:
    assert Refused("rate_limited", retry_after=0.01).retry_after == 1
    assert Refused("rate_limited", retry_after=1.2).retry_after == math.ceil(1.2)
    assert Refused("rate_limited").retry_after is None
