"""Clients that mean harm, and what an honest pair on the same server feels of them."""

from __future__ import annotations
