"""The evidence of several processes, in Redis: nothing there outlives its time to be reported.

What is to be kept is put into Redis a moment later and together with what else there is, so that no
message waits for it. Each session has what it has said itself; a report puts the two together.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import Any

import msgspec
from msgspec import Struct
from redis import Redis, RedisCluster, RedisError

from rendezvous.logs import log
from rendezvous.moderation.evidence import Bounds, Statement, line
from rendezvous.refusals import Refused
from rendezvous.safety.visitor import Caller
from rendezvous.switchboard.verbs import Effects

PREFIX = "rendezvous:evidence"
FLUSH = 0.1  # s between two times that Redis is written to
TIMEOUT = 0.8  # s
MOST_WAITING = 20_000  # commands; what is older is dropped while Redis is away
LONGEST_CHAT = 86_400  # s; evidence of a chat without a word for so long is gone

Command = tuple[Any, ...]


class Part(Struct, frozen=True):
    """A session's side of a chat."""

    stranger: str
    chat_type: str


class SharedEvidence:
    """Implements `Evidence` for every worker of a site."""

    def __init__(self, url: str, bounds: Bounds) -> None:
        self._bounds = bounds
        self._redis = _client(url)
        self._waiting: deque[Command] = deque(maxlen=MOST_WAITING)
        self._away = False
        self._closed = threading.Event()
        threading.Thread(target=self._flush_for_ever, daemon=True).start()

    def began(self, session_id: str, caller: Caller) -> None:
        who = msgspec.json.encode(caller)
        self._waiting.append(("SET", _key("who", session_id), who, "EX", LONGEST_CHAT))

    def said(self, session_id: str, members: bytes) -> None:
        self._waiting.append(("said", session_id, members))

    def happened(self, effects: Effects) -> None:
        for match in effects.matches:
            self._part(*match.sessions, match.chat_type)
        for upgrade in effects.upgrades:
            self._part(*upgrade.sessions, "video")
        seconds = int(self._bounds.after) or 1
        for ending in effects.endings:
            for session_id in ending.sessions:
                self._waiting.append(("SET", _key("over", session_id), "1", "EX", seconds))
                for kind in ("who", "part", "said"):
                    self._waiting.append(("EXPIRE", _key(kind, session_id), seconds))

    def of(self, session_id: str) -> Statement:
        time.sleep(2 * FLUSH)  # in which others write what they have heard; lets them run
        try:
            self._flush()
            return self._read(session_id)
        except RedisError:
            raise Refused("unavailable") from None

    def expire(self) -> None:
        """Redis does."""

    def close(self) -> None:
        """Write no more."""
        self._closed.set()
        self._redis.close()

    def _part(self, one: str, other: str, chat_type: str) -> None:
        """Whose stranger is who."""
        for mine, stranger in ((one, other), (other, one)):
            part = msgspec.json.encode(Part(stranger, chat_type))
            self._waiting.append(("SET", _key("part", mine), part, "EX", LONGEST_CHAT))

    def _read(self, session_id: str) -> Statement:
        me = self._redis.get(_key("who", session_id))
        part = self._redis.get(_key("part", session_id))
        if me is None:
            raise Refused("session_not_found")
        if part is None:
            raise Refused("not_matched")
        mine = msgspec.json.decode(part, type=Part)
        whom = self._redis.get(_key("who", mine.stranger))
        lines = self._lines(session_id, own=True) + self._lines(mine.stranger, own=False)
        lines.sort(key=lambda each: each["at"])
        return Statement(
            mine.chat_type,
            msgspec.json.decode(me, type=Caller),
            msgspec.json.decode(whom, type=Caller) if whom else Caller(),
            mine.stranger,
            bool(self._redis.exists(_key("over", session_id))),
            lines[-self._bounds.messages :],
        )

    def _lines(self, session_id: str, *, own: bool) -> list[dict[str, Any]]:
        said = self._redis.lrange(_key("said", session_id), 0, -1)
        return [line(members, own=own) for members in said]

    def _flush_for_ever(self) -> None:
        while not self._closed.wait(FLUSH):
            try:
                self._flush()
                self._away = False
            except RedisError as error:
                if not self._away:
                    log.warning("evidence is not kept", why=type(error).__name__)
                self._away = True
            except Exception:  # noqa: BLE001 - whatever it was, the next time must come
                log.exception("evidence failed")

    def _flush(self) -> None:
        """Write what waits; what cannot be written is lost, because it would pile up."""
        if not self._waiting:
            return
        commands, self._waiting = self._waiting, deque(maxlen=MOST_WAITING)
        pipeline = self._redis.pipeline(transaction=False)
        for command in commands:
            if command[0] == "said":
                self._keep(pipeline, *command[1:])
            else:
                pipeline.execute_command(*command)
        pipeline.execute()

    def _keep(self, pipeline: Any, session_id: str, members: bytes) -> None:
        key = _key("said", session_id)
        pipeline.rpush(key, members)
        pipeline.ltrim(key, -self._bounds.messages, -1)
        pipeline.expire(key, LONGEST_CHAT)


def _key(kind: str, session_id: str) -> str:
    return f"{PREFIX}:{kind}:{{{session_id}}}"


def _client(url: str) -> Any:
    how = {"socket_timeout": TIMEOUT, "socket_connect_timeout": TIMEOUT}
    scheme, _, rest = url.partition("://")
    if scheme.endswith("+cluster"):
        return RedisCluster.from_url(f"{scheme.removesuffix('+cluster')}://{rest}", **how)
    return Redis.from_url(url, **how)
