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


def _most(stays: list[Stay]) -> int:
    graph: nx.Graph[int] = nx.Graph()
    graph.add_edges_from(_chances(sorted(stays, key=lambda stay: stay[0].came)), weight=1)
    # One component at a time, because the algorithm's time grows with the cube of its size.
    return sum(
        len(nx.max_weight_matching(graph.subgraph(nodes)))
        for nodes in nx.connected_components(graph)
    )


def _chances(stays: list[Stay]) -> Iterator[tuple[int, int]]:
    """Who could have met whom with a common interest."""
    here: list[int] = []
    for number, (comer, _) in enumerate(stays):
        here = [each for each in here if stays[each][1] >= comer.came]
        for each in here:
            other = stays[each][0]
            same_type = other.profile.chat_type == comer.profile.chat_type
            if same_type and common_interests(other.profile, comer.profile):
                yield each, number
        here.append(number)
