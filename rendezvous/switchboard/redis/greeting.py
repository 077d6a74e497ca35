"""What is said of Redis when it comes and goes, and what a worker has to know of it first."""

from __future__ import annotations

import logging

from redis.exceptions import RedisError

from rendezvous.switchboard.redis.line import Ask

logger = logging.getLogger("rendezvous.switchboard")

OLDEST = 7  # because of sharded pub/sub; Valkey says 7.2


class Reporter:
    """Says once when Redis goes, and once when it is back."""

    def __init__(self) -> None:
        self._away: bool | None = None

    def news(self, error: Exception | None) -> None:
        """A link was made, or, with an error, was not."""
        if error is not None and not isinstance(error, RedisError | OSError):
            logger.error("the link to Redis could not be made", exc_info=error)
        away = error is not None
        if away != self._away:
            self._away = away
            if away:
                logger.error("Redis is away: %s", error)  # in which there is no password
            else:
                logger.warning("Redis is there")


def identity_of(ask: Ask) -> str:
    """Which process it is, and whose data it has: the latter changes when it is promoted."""
    facts = dict(
        line.split(":", 1)
        for section in ("server", "replication")
        for line in ask("INFO", section).decode().splitlines()
        if ":" in line
    )
    if int(facts["redis_version"].partition(".")[0]) < OLDEST:
        raise RedisError(f"it has version {facts['redis_version']}, and {OLDEST} is needed")
    return f"{facts['run_id']}/{facts['master_replid']}"
