"""Hears, by sharded pub/sub, that something waits for sessions whose sockets or polls are here."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from redis.connection import ConnectionInterface

from rendezvous.switchboard.inbox import Event
from rendezvous.switchboard.results import Delivery

RETRY = 0.2  # s between two attempts to connect
MOST_BEATS_MISSED = 3  # ticks whose echo has not come back before the ear counts as deaf


class Ear:
    """One subscription: what is published to the channel that `channel()` names.

    Every tick publishes an empty message to its own worker, which shows that the whole way works.
    """

    def __init__(
        self,
        connect: Callable[[], ConnectionInterface],
        channel: Callable[[], str],
        heard: Callable[[Delivery], None],
        listening: Callable[[], None],
    ) -> None:
        self._connect = connect
        self._channel = channel
        self._heard = heard
        self._listening = listening
        self._connection: ConnectionInterface | None = None
        self._missed = 0
        self._closed = False

    def start(self) -> None:
        """Listen, now and again whenever the connection has broken."""
        threading.Thread(target=self._run, daemon=True).start()

    def expect_a_beat(self) -> None:
        """A tick has been made; after some that were not heard, listen anew."""
        self._missed += 1
        if self._missed > MOST_BEATS_MISSED:
            self.listen_anew()

    def listen_anew(self) -> None:
        """The channel or its node has changed, or the connection is no good."""
        self._missed = 0
        connection = self._connection
        if connection is not None:
            connection.disconnect()

    def close(self) -> None:
        """Listen no more."""
        self._closed = True
        self.listen_anew()

    def _run(self) -> None:
        while not self._closed:
            try:
                self._listen()
            except Exception:  # noqa: BLE001 - the line reports that Redis is away; this tries again
                time.sleep(RETRY)  # lets others run: the server has patched it

    def _listen(self) -> None:
        connection = self._connect()
        try:
            connection.connect()
            connection.send_command("SSUBSCRIBE", self._channel(), check_health=False)
            self._connection = connection
            self._missed = 0
            while not self._closed:
                kind, _, data = connection.read_response(disable_decoding=True, timeout=None)
                if kind == b"smessage":
                    self._hear(data)
                elif kind == b"ssubscribe":
                    self._listening()
                else:
                    return  # the slot has moved to another node
        finally:
            self._connection = None
            connection.disconnect()

    def _hear(self, data: bytes) -> None:
        self._missed = 0
        if data:
            session_id, seq, name, members = data.split(b" ", 3)
            self._heard(Delivery(session_id.decode(), Event(int(seq), name.decode(), members)))
