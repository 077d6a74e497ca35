"""The simulation, on crowds that are small enough to look at."""

from __future__ import annotations
