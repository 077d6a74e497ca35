"""What time and room a switchboard gives."""

from __future__ import annotations

from dataclasses import dataclass

from rendezvous.matching import AT_ONCE, Widening


@dataclass(frozen=True, slots=True)
class Terms:
    """What time and room a session is given; seconds, and for the inbox events and bytes.

    From one place, and of one visitor, at most so many sessions are not over at a time; 0: no cap.

    The last `not_again` partners of a visitor are not introduced again for `not_again_for` seconds,
    unless one of the two has waited for `again_after`. With 0 partners anybody may meet anybody,
    also two tabs of one visitor.

    Who waits and was not heard of for `alive_within` is asked before they are introduced, and
    passed over until they are heard of again if they do not answer within `answer_within`. With 0
    nobody is asked.

    Who asks a stranger to go on by video is answered within `upgrade_again_after`, or not at all,
    and does not ask again for as long after that or after a no.

    `topics`: what people wait with is counted.
    """

    reconnect_grace: float = 15
    lease: float = 30
    idle_timeout: float = 1_800
    ended_retention: float = 60
    inbox_events: int = 256
    inbox_bytes: int = 262_144
    sessions_per_place: int = 0
    sessions_per_visitor: int = 0
    widening: Widening = AT_ONCE
    not_again: int = 0
    not_again_for: float = 3_600
    again_after: float = 60
    alive_within: float = 0
    answer_within: float = 2
    upgrade_again_after: float = 60
    topics: bool = False
