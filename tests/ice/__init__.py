"""How a video call finds its way: ICE servers, TURN credentials, and calls through relays only."""

from __future__ import annotations
