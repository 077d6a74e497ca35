"""What a `gunicorn app:app` started here gets: room for sockets, a bounded drain, honest workers.

Why the workers are counted here: a worker sees only itself. The master alone knows how many there
are (`-w`, WEB_CONCURRENCY, a signal), and its first hook runs before a port is open.
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
import tempfile
from typing import TYPE_CHECKING, Any

from gunicorn.glogging import Logger

from config import ConfigError, load_settings
from rendezvous.logs import formatter
from rendezvous.workers.slots import DIRECTORY, SLOT, free_slot

if TYPE_CHECKING:
    from gunicorn.arbiter import Arbiter
    from gunicorn.config import Config

# Seconds of silence after which a worker is killed, with all its chats. A gevent worker reports
# every second, so only a blocked event loop gets there.
timeout = 30
graceful_timeout = 8  # seconds from SIGTERM to SIGKILL; with 10 the whole ending takes 10.2
# The default, 1000, counts every open WebSocket; the limits in our settings are finer.
worker_connections = 100_000
control_socket_disable = True  # because its default path is the same for all servers of one user


class LikeOurs(Logger):
    """Gives gunicorn's own lines, and Python's warnings, the form of ours."""

    def setup(self, cfg: Config) -> None:
        """As gunicorn does it, but for what a line looks like."""
        super().setup(cfg)
        try:
            for_people = load_settings().flask_debug
        except ConfigError:
            return  # `on_starting` says so
        for handler in self.error_log.handlers:
            handler.setFormatter(formatter(for_people=for_people))
        logging.captureWarnings(capture=True)
        warnings = logging.getLogger("py.warnings")
        warnings.handlers, warnings.propagate = list(self.error_log.handlers), False


logger_class = LikeOurs


def on_starting(server: Arbiter) -> None:
    """Refuse a bad setting, and workers that could not see each other's sessions, in one line."""
    try:
        shared = _sessions_are_shared()
    except ConfigError as error:
        sys.exit(f"rendezvous: {error}")
    if server.num_workers > 1 and not shared:
        sys.exit(
            f"rendezvous: {server.num_workers} workers need REDIS_URL: without it each of them "
            "pairs only its own visitors; set it, or start one worker with -w 1"
        )

    if shared and DIRECTORY not in os.environ:
        os.environ[DIRECTORY] = tempfile.mkdtemp(prefix="rendezvous-metrics-")


def on_exit(_server: Arbiter) -> None:
    """Take the workers' metrics away with the last of them."""
    shutil.rmtree(os.environ.pop(DIRECTORY, ""), ignore_errors=True)


def pre_fork(server: Arbiter, worker: Any) -> None:
    """Give a worker a place for its metrics that no living one has."""
    living: Any = server.WORKERS.values()
    # Kept on the worker, because a reload runs this file anew.
    worker.rendezvous_slot = free_slot([each.rendezvous_slot for each in living])


def post_fork(_server: Arbiter, worker: Any) -> None:
    """In the worker, before the application is there."""
    os.environ[SLOT] = str(worker.rendezvous_slot)


def nworkers_changed(server: Arbiter, new: int, old: int | None) -> None:
    """Stay at one worker if a signal (TTIN, HUP) asks for more; `old` is None at the start."""
    if old is not None and new > 1 and not _sessions_are_shared():
        logging.getLogger("gunicorn.error").error(
            "Staying at one worker: %d would need REDIS_URL", new
        )
        server.num_workers = 1


def _sessions_are_shared() -> bool:
    return load_settings().redis_url not in ("", "memory://")
