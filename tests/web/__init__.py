"""How the web client is served."""

from __future__ import annotations
