"""The dictionary that everything is counted in which time makes void."""

from __future__ import annotations

from rendezvous.safety.fading import SWEEP_AT, Fading

MANY = 50_000


def test_what_is_over_is_forgotten() -> None:
    fading: Fading[float] = Fading(lambda until, now: until <= now)
    most = 0
    for now in range(MANY):
        fading.make_room(now)
        fading[str(now)] = now + 100
        most = max(most, len(fading))
    assert most <= SWEEP_AT


def test_what_is_not_over_is_kept_and_looked_at_a_few_times_only() -> None:
    looks = 0

    def is_over(until: float, now: float) -> bool:
        nonlocal looks
        looks += 1
        return until <= now

    fading: Fading[float] = Fading(is_over)
    for now in range(MANY):
        fading.make_room(now)
        fading[str(now)] = now + MANY
    assert len(fading) == MANY
    assert looks <= 2 * MANY
