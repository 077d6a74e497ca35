"""What clients can rely on, on every way of serving."""

from __future__ import annotations
