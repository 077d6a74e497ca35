"""How log lines look: JSON, one to a happening, or for people; ours and those of the libraries."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime
from typing import Any

import msgspec
import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor

SHOWN_OF_A_SESSION_ID = 6  # enough to follow one session through a log, useless to act for it

log: FilteringBoundLogger = structlog.get_logger()


def set_up_logs(level: str, *, for_people: bool) -> None:
    """Send our lines and those of the libraries to standard output, in one form."""
    structlog.configure(
        processors=[*_shared(for_people), _for_people if for_people else _encode],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout) if for_people else Lines,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter(for_people=for_people))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    _share_locks_with_native_threads(handler)


def _share_locks_with_native_threads(handler: logging.Handler) -> None:
    """Give `logging` real locks where eventlet has put its own.

    If a native thread holds one of eventlet's (SQLAlchemy logs, too), whoever waits for it over
    here waits for ever: the thread wakes waiters by an event loop of its own, which never runs.
    """
    patcher = sys.modules.get("eventlet.patcher")
    if patcher is None or not patcher.is_monkey_patched("thread"):
        return
    native = patcher.original("threading")
    handler.lock = native.RLock()
    setattr(logging, "_lock", native.RLock())  # noqa: B010 - private: test_native.py tells if it moves


def formatter(*, for_people: bool) -> logging.Formatter:
    """What gives the lines of a library the form of ours."""
    last: Processor = _for_people if for_people else _encode_as_text
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_shared(for_people),
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
    )


def short(session_id: str) -> str:
    """As much of a session id as a log may hold."""
    return session_id[:SHOWN_OF_A_SESSION_ID] + "…"


class Lines:
    """Where encoded lines go: standard output, each at once.

    Six lines a chat cost as much as twenty messages when printed as text, with structlog's time
    stamp and under its lock: 10 us each of those. This takes 5.6.
    """

    def __init__(self, *_args: object) -> None:
        self._output = sys.stdout.buffer

    def msg(self, line: bytes) -> None:
        """Write a line of any level."""
        self._output.write(line + b"\n")
        self._output.flush()

    debug = info = warning = error = critical = exception = msg


def _shared(for_people: bool) -> list[Processor]:
    """What every line goes through."""
    shared: list[Processor] = [structlog.stdlib.add_log_level, _stamp]
    return shared if for_people else [*shared, structlog.processors.format_exc_info]


def _stamp(_logger: object, _method: str, line: EventDict) -> Any:
    line["timestamp"] = msgspec.to_builtins(datetime.now(UTC))  # ISO 8601
    return line


def _encode(_logger: object, _method: str, line: EventDict) -> bytes:
    return msgspec.json.encode(line, enc_hook=repr)


def _encode_as_text(logger: object, method: str, line: EventDict) -> str:
    return _encode(logger, method, line).decode()


# The default shows local variables where rich is installed: what was said, and session ids.
_for_people = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
