"""Whose reports count for how much, and when they suspend somebody: a pure policy.

What it has to withstand is a brigade: many who report somebody because they agreed to. So

- a reporter counts once against one person, and all who share an address count as one of them;
- who is new counts for nothing until `age` has passed: cookies are free, time is not;
- who was wrong before counts for less: each dismissed report takes weight, each upheld one gives
  some back, and more than one in full nobody ever weighs;
- the reports have to be of different chats within `window`: strangers are met by chance, so a
  brigade needs many more chats than reports;
- the result is a suspension for a time and a report at the top of the queue, never a ban: bans are
  made by people.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

DAY = 86_400
URGENT = {"minor": 5.0, "violence": 2.0, "illegal": 2.0, "sexual": 1.0, "self_harm": 3.0}


class Terms(Struct, frozen=True):
    """When reports suspend: at a total of `threshold`, of reporters who are `age` old, in `window`;
    for how long: seconds. A threshold of 0 never does.
    """

    threshold: float = 3.0
    age: float = DAY
    window: float = 7 * DAY
    suspension: float = DAY


class Reporter(Struct, frozen=True):
    """Who reported somebody: how old, seconds, and how earlier reports of theirs were decided."""

    visitor: str
    address: str
    age: float
    upheld: int = 0
    dismissed: int = 0


def weight(reporter: Reporter, terms: Terms) -> float:
    """From 0 (says nothing) to 1 (in full)."""
    if not reporter.visitor or reporter.age < terms.age:
        return 0.0
    return min(1.0, (reporter.upheld + 1) / (reporter.upheld + reporter.dismissed * 2 + 1))


def total(reporters: Iterable[Reporter], terms: Terms) -> float:
    """What reports against one person weigh together: one of each visitor, one of each address."""
    by_address: dict[str, float] = {}
    seen: set[str] = set()
    for reporter in sorted(reporters, key=lambda each: -weight(each, terms)):
        if reporter.visitor in seen:
            continue
        seen.add(reporter.visitor)
        by_address.setdefault(reporter.address, weight(reporter, terms))
    return sum(by_address.values())


def suspends(reporters: Iterable[Reporter], terms: Terms) -> bool:
    """Whether the open reports against one person suspend them until somebody has looked."""
    return terms.threshold > 0 and total(reporters, terms) >= terms.threshold


def priority(reason: str, reporters: Iterable[Reporter], terms: Terms) -> float:
    """Where a report stands in the queue: higher is sooner. The newcomers' still count a little."""
    reporters = list(reporters)
    people = len({each.address for each in reporters})
    return URGENT.get(reason, 0.0) + total(reporters, terms) + 0.1 * min(people, 10)
