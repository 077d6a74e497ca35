"""Keeps a link to Redis: opens it, watches it, opens another when it has broken."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from redis.connection import ConnectionInterface

from rendezvous.switchboard.redis.link import Away, Command, Link

ROUND = 0.1  # s
PATIENCE = 6  # rounds in which somebody waits and nothing comes, before Redis counts as away
MOST_PATIENCE = 30  # rounds that a reply may take while others do come
RETRY = 0.2  # s between two attempts to connect

Ask = Callable[..., Any]


class Line:
    """`call` fails at once while there is no link. Both hooks run whenever a link is made:
    `greet` before anything else is asked, `opened` when everything may be.
    """

    def __init__(
        self,
        connect: Callable[[], ConnectionInterface],
        greet: Callable[[Ask], None],
        opened: Callable[[], None],
        news: Callable[[Exception | None], None],
    ) -> None:
        self._connect = connect
        self._greet = greet
        self._opened = opened
        self._news = news
        self._link: Link | None = None
        self._closed = False

    def start(self) -> None:
        """Connect, now and whenever it is needed."""
        threading.Thread(target=self._run, daemon=True).start()

    def call(self, command: Command) -> Any:
        """Send a command and wait for its reply, less than a second. Raises Away."""
        if self._link is None:
            raise Away
        return self._link.call(command)

    @property
    def is_up(self) -> bool:
        return self._link is not None and self._link.up

    def break_off(self) -> None:
        """Give the link up; there will be another one soon."""
        if self._link is not None:
            self._link.break_off()

    def close(self) -> None:
        """Give it up for good."""
        self._closed = True
        self.break_off()

    def _run(self) -> None:
        while not self._closed:
            try:
                link = self._open()
            except Exception as error:  # noqa: BLE001 - whatever it was, the next attempt must come
                self._news(error)
                time.sleep(RETRY)  # lets others run: the server has patched it
                continue
            self._news(None)
            self._watch(link)

    def _open(self) -> Link:
        connection = self._connect()

        def ask(*command: str | bytes | float) -> Any:
            connection.send_command(*command, check_health=False)
            return connection.read_response(disable_decoding=True)

        try:
            connection.connect()
            self._greet(ask)
        except BaseException:
            connection.disconnect()
            raise
        return Link(connection)

    def _watch(self, link: Link) -> None:
        link.start()
        self._link = link
        threading.Thread(target=self._opened, daemon=True).start()
        while link.up:
            time.sleep(ROUND)
            link.check(PATIENCE, MOST_PATIENCE)
        self._link = None
