"""Sentences about behaviour, checked on real parts."""

from __future__ import annotations
