"""What holds when everybody acts at once."""

from __future__ import annotations
