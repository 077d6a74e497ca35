"""Whom to introduce to whom: a pure policy, without input, output or clock."""

from __future__ import annotations

from rendezvous.matching.corners import CANDIDATES, LEVELS, plan
from rendezvous.matching.plans import Plan, Stage, Step
from rendezvous.matching.popularity import ENOUGH, WINDOW, Popularity
from rendezvous.matching.profile import Appointment, Profile, common_interests
from rendezvous.matching.questions import (
    ALL_QUESTIONS,
    ALL_WHO_DISCUSS,
    question_corners,
    tongue_of,
)
from rendezvous.matching.widening import AT_ONCE, SMOOTHING, Widening
from rendezvous.matching.words import normalised

__all__ = [
    "ALL_QUESTIONS",
    "ALL_WHO_DISCUSS",
    "AT_ONCE",
    "CANDIDATES",
    "ENOUGH",
    "LEVELS",
    "SMOOTHING",
    "WINDOW",
    "Appointment",
    "Plan",
    "Popularity",
    "Profile",
    "Stage",
    "Step",
    "Widening",
    "common_interests",
    "normalised",
    "plan",
    "question_corners",
    "tongue_of",
]
