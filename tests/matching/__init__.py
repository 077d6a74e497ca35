"""Whom the policy would introduce to whom."""

from __future__ import annotations
