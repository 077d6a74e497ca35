"""What somebody who knows it all could have done: maximum-weight matchings (networkx)."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import networkx as nx

from rendezvous.matching import Profile, common_interests
from simulate.figures import Meeting
from simulate.matchers import Comer

Stay = tuple[Comer, float]
"""Somebody, and until when they are there."""

Acquaintance = frozenset[str]
"""Two visitors who have met."""

Chance = tuple[int, int, bool]
"""Two by their numbers, the lower first, and whether they have an interest in common."""


def of_the_same_waits(meetings: list[Meeting]) -> int:
    """The most meetings with a common interest, had everybody waited exactly as long as they did.

    Whoever was there at the same time, for however short, could have been introduced.
    """
    stays = [(who, each.when) for each in meetings for who in (each.one, each.other)]
    return _most(stays)


def with_patience(comings: list[Comer], patience: float) -> int:
    """The same for a clairvoyant who may let everybody wait up to `patience` seconds."""
    return _most([(comer, comer.came + patience) for comer in comings])


def for_everybody(
    comings: list[Comer], patience: float, acquainted: Collection[Acquaintance] | None = None
) -> float:
    """The highest share of meetings with a common interest for a clairvoyant who first sees that as
    many as possible meet somebody within `patience` seconds: nobody is left out for others' sake.

    If it is said who are `acquainted`, those do not meet, and no two meet twice: what the matching
    brings together a second time is forbidden, and it is made anew until there is no such thing.
    That need not be the very best, but it can be done.
    """
    stays = sorted(((each, each.came + patience) for each in comings), key=_coming)

    def pair(chance: Chance) -> Acquaintance:
        return frozenset(stays[each][0].profile.visitor for each in chance[:2])

    chances = [each for each in _chances(stays) if pair(each) not in (acquainted or ())]
    while True:
        meetings = sorted(_matching(chances, maxcardinality=True), key=lambda each: each[1])
        first = {pair(each): each for each in reversed(meetings)}
        repeated = set(meetings) - set(first.values())
        if acquainted is None or not repeated:
            return sum(common for _, _, common in meetings) / len(meetings)
        chances = [each for each in chances if each not in repeated]


def _most(stays: list[Stay]) -> int:
    stays = sorted(stays, key=_coming)
    return len(_matching([each for each in _chances(stays) if each[2]], maxcardinality=False))


def _matching(chances: list[Chance], *, maxcardinality: bool) -> list[Chance]:
    """One component at a time, because the algorithm's time grows with the cube of its size."""
    graph: nx.Graph[int] = nx.Graph()
    graph.add_weighted_edges_from((one, other, int(common)) for one, other, common in chances)
    found = []
    for nodes in nx.connected_components(graph):
        part = graph.subgraph(nodes)
        for pair in nx.max_weight_matching(part, maxcardinality=maxcardinality):
            one, other = sorted(pair)
            found.append((one, other, bool(part.edges[pair]["weight"])))
    return found


def _chances(stays: list[Stay]) -> Iterator[Chance]:
    """Who could have met whom, in the order of their coming."""
    here: list[int] = []
    for number, (comer, _) in enumerate(stays):
        here = [each for each in here if stays[each][1] >= comer.came]
        for each in here:
            other = stays[each][0]
            if _may_meet(other.profile, comer.profile):
                common = bool(common_interests(other.profile, comer.profile))
                yield each, number, common
        here.append(number)


def _may_meet(one: Profile, other: Profile) -> bool:
    """A visitor may be there twice, if the first chat was over at once."""
    return one.chat_type == other.chat_type and (not one.visitor or one.visitor != other.visitor)


def _coming(stay: Stay) -> float:
    return stay[0].came
