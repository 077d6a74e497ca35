"""What every home of the switchboard promises."""

from __future__ import annotations
