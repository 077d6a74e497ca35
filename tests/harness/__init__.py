"""Real servers and real clients for the tests."""

from __future__ import annotations
