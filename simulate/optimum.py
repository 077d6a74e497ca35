"""What somebody who knows it all could have done: maximum-weight matchings (networkx)."""

from __future__ import annotations

from collections.abc import Iterator

import networkx as nx

from rendezvous.matching import common_interests
from simulate.figures import Meeting
from simulate.matchers import Comer

Stay = tuple[Comer, float]
"""Somebody, and until when they are there."""


def of_the_same_waits(meetings: list[Meeting]) -> int:
    """The most meetings with a common interest, had everybody waited exactly as long as they did.

    Whoever was there at the same time, for however short, could have been introduced.
    """
    stays = [(who, each.when) for each in meetings for who in (each.one, each.other)]
    return _most(stays)


def with_patience(comings: list[Comer], patience: float) -> int:
    """The same for a clairvoyant who may let everybody wait up to `patience` seconds."""
    return _most([(comer, comer.came + patience) for comer in comings])


def for_everybody(comings: list[Comer], patience: float) -> float:
    """The highest share of meetings with a common interest for a clairvoyant who first sees that as
    many as possible meet somebody within `patience` seconds: nobody is left out for others' sake.
    """
    stays = [(comer, comer.came + patience) for comer in comings]
    met = common = 0
    for graph in _parts(stays, among_all=True):
        pairs = nx.max_weight_matching(graph, maxcardinality=True)
        met += len(pairs)
        common += sum(graph.edges[pair]["weight"] for pair in pairs)
    return common / met


def _most(stays: list[Stay]) -> int:
    return sum(len(nx.max_weight_matching(graph)) for graph in _parts(stays))


def _parts(stays: list[Stay], *, among_all: bool = False) -> Iterator[nx.Graph[int]]:
    """Who could have met whom with a common interest, or `among_all` who at all (weight 0).

    One component at a time, because the algorithm's time grows with the cube of its size.
    """
    graph: nx.Graph[int] = nx.Graph()
    for one, other, common in _chances(sorted(stays, key=lambda stay: stay[0].came)):
        if common or among_all:
            graph.add_edge(one, other, weight=int(common))
    for nodes in nx.connected_components(graph):
        yield graph.subgraph(nodes)


def _chances(stays: list[Stay]) -> Iterator[tuple[int, int, bool]]:
    """Who could have met whom, and whether they have an interest in common."""
    here: list[int] = []
    for number, (comer, _) in enumerate(stays):
        here = [each for each in here if stays[each][1] >= comer.came]
        for each in here:
            other = stays[each][0]
            if other.profile.chat_type == comer.profile.chat_type:
                common = bool(common_interests(other.profile, comer.profile))
                yield each, number, common
        here.append(number)
