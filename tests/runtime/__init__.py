"""How it starts, tells what it does, and stops."""

from __future__ import annotations
