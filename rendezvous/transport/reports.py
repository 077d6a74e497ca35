"""Log lines about what clients do wrong: few, however many there are to complain about."""

from __future__ import annotations

import logging
from time import monotonic

logger = logging.getLogger("rendezvous.transport")

QUIET_SECONDS = 10.0
"""After a line about one kind of fault, how long further ones are only counted."""

_last_line: dict[str, tuple[float, int]] = {}


def report(kind: str, detail: str = "") -> None:
    """Log at INFO that a client was refused; `kind` comes from us, `detail` perhaps from it."""
    said, unsaid = _last_line.get(kind, (-QUIET_SECONDS, 0))
    now = monotonic()
    if now - said < QUIET_SECONDS:
        _last_line[kind] = said, unsaid + 1
        return
    _last_line[kind] = now, 0
    more = f" ({unsaid} more like it before)" if unsaid else ""
    logger.info("refused: %s%s%s", kind, f": {detail[:200]!r}" if detail else "", more)
