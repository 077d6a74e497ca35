"""One connection's life: commands of many are sent together, and answered in their order."""

from __future__ import annotations

import threading
from collections import deque
from typing import Any

from hiredis import pack_command
from redis.connection import ConnectionInterface
from redis.exceptions import RedisError, ResponseError

LOST = (RedisError, OSError, EOFError)  # the last is eventlet's, for a socket that we have closed
Command = tuple[str | bytes | int | float, ...]


class Away(Exception):
    """Redis does not answer; whether it has done what was asked is not known."""


class Call:
    """A command and whoever waits for its reply; it was made in the round `since`."""

    __slots__ = ("answered", "command", "reply", "since")

    def __init__(self, command: Command, since: int) -> None:
        self.command = command
        self.since = since
        self.reply: Any = None
        self.answered = threading.Event()


class Link:
    """Works with threads of whichever kind the server has put under the standard library."""

    def __init__(self, connection: ConnectionInterface) -> None:
        self.up = True
        self._connection = connection
        self._round = 0
        self._heard = 0
        self._unsent: deque[Call] = deque()
        self._pending: deque[Call] = deque()
        self._work = threading.Event()

    def start(self) -> None:
        """Begin to carry commands."""
        for target in (self._write, self._read):
            threading.Thread(target=target, daemon=True).start()

    def call(self, command: Command) -> Any:
        """Send a command and wait for its reply, which may be a ResponseError. Raises Away."""
        call = Call(command, self._round)
        self._unsent.append(call)
        if not self.up:
            raise Away
        self._work.set()
        call.answered.wait()  # without a timeout, which would cost more: `check` ends it
        if call.reply is Away:
            raise Away
        return call.reply

    def check(self, patience: int, most: int) -> None:
        """Another round has passed: break if for more than `patience` of them somebody has waited
        and nothing was heard, or if somebody has waited for more than `most`, however busy it is.

        Rounds and not seconds, because in a process that was held up answers have waited unread.
        """
        self._round += 1
        for waiting in (self._pending, self._unsent):
            if not waiting:
                continue
            since = waiting[0].since
            silent = self._round - max(since, self._heard)
            if silent > patience or self._round - since > most:
                self.break_off()

    def break_off(self) -> None:
        """Close, and tell all who wait."""
        if not self.up:
            return
        self.up = False
        self._connection.disconnect()
        self._work.set()
        for waiting in (self._pending, self._unsent):
            while waiting:
                call = waiting.popleft()
                call.reply = Away
                call.answered.set()

    def _write(self) -> None:
        try:
            while self.up:
                self._work.wait()
                self._work.clear()
                self._send()
        except LOST:
            pass
        finally:
            self.break_off()

    def _send(self) -> None:
        """Send what has come together while others ran, at once."""
        pieces: list[bytes] = []
        while self._unsent:
            call = self._unsent.popleft()
            self._pending.append(call)
            pieces.append(pack_command(call.command))  # type: ignore[arg-type]  # its stub means tuple[X]
        if pieces and self.up:
            self._connection.send_packed_command([b"".join(pieces)], check_health=False)

    def _read(self) -> None:
        receive = self._connection.read_response
        pending = self._pending
        try:
            while self.up:
                try:
                    reply = receive(True, timeout=None, disconnect_on_error=False)
                except ResponseError as error:
                    reply = error
                self._heard = self._round
                call = pending.popleft()
                call.reply = reply
                call.answered.set()
        except LOST:
            pass
        finally:
            self.break_off()
