"""The switchboard in Redis: many processes, one site."""

from __future__ import annotations

from rendezvous.switchboard.redis.board import RedisSwitchboard

__all__ = ["RedisSwitchboard"]
