"""What holds when links, clocks and clients fail."""

from __future__ import annotations
