"""The exit for everything that participants are told."""

from __future__ import annotations
