"""Whom to introduce to whom: a pure policy, without input, output or clock."""

from __future__ import annotations

from rendezvous.matching.corners import CANDIDATES, LEVELS, Plan, Stage, plan
from rendezvous.matching.profile import Appointment, Profile, common_interests
from rendezvous.matching.widening import AT_ONCE, SMOOTHING, Widening
from rendezvous.matching.words import normalised

__all__ = [
    "AT_ONCE",
    "CANDIDATES",
    "LEVELS",
    "SMOOTHING",
    "Appointment",
    "Plan",
    "Profile",
    "Stage",
    "Widening",
    "common_interests",
    "normalised",
    "plan",
]
