"""The moderators' pages at `/admin`: an application of its own, run on a thread of its own."""

from __future__ import annotations
