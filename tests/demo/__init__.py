"""The friendly stranger: bots that talk to whoever would wait alone."""

from __future__ import annotations
