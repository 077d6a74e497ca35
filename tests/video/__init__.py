"""Real video between two who know each other only through the server."""

from __future__ import annotations
