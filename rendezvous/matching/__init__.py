"""Whom to introduce to whom: a pure policy, without input, output or clock."""

from __future__ import annotations

from rendezvous.matching.corners import CANDIDATES, LEVELS, plan
from rendezvous.matching.cost import ALONE, FURTHER, Candidate, least_costly
from rendezvous.matching.plans import MOMENT, Plan, Stage
from rendezvous.matching.popularity import WINDOW, Popularity
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
    "ALONE",
    "AT_ONCE",
    "CANDIDATES",
    "FURTHER",
    "LEVELS",
    "MOMENT",
    "SMOOTHING",
    "WINDOW",
    "Appointment",
    "Candidate",
    "Plan",
    "Popularity",
    "Profile",
    "Stage",
    "Widening",
    "common_interests",
    "least_costly",
    "normalised",
    "plan",
    "question_corners",
    "tongue_of",
]
