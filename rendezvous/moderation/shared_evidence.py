"""The evidence of several processes, in Redis: nothing there outlives its time to be reported.

What is to be kept is put into Redis a moment later and together with what else there is, so that no
message waits for it. Each session has what it has said itself; a report puts the two together. All
of it together has the same bound as in memory.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from redis import Redis, RedisCluster, RedisError

from rendezvous.logs import log
from rendezvous.moderation.evidence import Bounds, Statement, asked, line
from rendezvous.refusals import Refused
from rendezvous.safety.visitor import Caller
from rendezvous.switchboard.results import Effects, Match

PREFIX = "rendezvous:evidence"
FLUSH = 0.1  # s between two times that Redis is written to
TIMEOUT = 0.8  # s
MOST_WAITING = 20_000  # commands; what is older is dropped while Redis is away
LONGEST_CHAT = 86_400  # s; evidence of a chat without a word for so long is gone

KEEP = Path(__file__).with_name("keep.lua").read_text()
ACCOUNT = Path(__file__).with_name("account.lua").read_text()
ACCOUNTS = [f"{PREFIX}:{{all}}:{kind}" for kind in ("ends", "sizes", "sum")]

Command = tuple[Any, ...]


class Part(Struct, frozen=True):
    """A session's side of a chat."""

    stranger: str
    chat_type: str


class Asked(Struct, frozen=True):
    """Whose question a session discusses, and the line that it is in the evidence."""

    asker: str
    line: dict[str, Any]


class SharedEvidence:
    """Implements `Evidence` for every worker of a site."""

    def __init__(self, url: str, bounds: Bounds) -> None:
        self._bounds = bounds
        self._after = int(bounds.after) or 1
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
            if match.asker:
                self._asked(match)
        for upgrade in effects.upgrades:
            self._part(*upgrade.sessions, "video")
        for ending in effects.endings:
            if ending.sessions != (ending.asker,):
                # Who has asked may be reported for as long as the two may report each other.
                gone = {*ending.sessions, ending.asker} - {""}
                self._waiting.extend(("over", session_id) for session_id in gone)

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

    def _asked(self, match: Match) -> None:
        """What the two discuss; who has asked it is known to have no part in it."""
        about = msgspec.json.encode(Asked(match.asker, asked(match.question)))
        for session_id in (*match.sessions, match.asker):
            self._waiting.append(("SET", _key("asked", session_id), about, "EX", LONGEST_CHAT))

    def _read(self, session_id: str) -> Statement:
        me = self._redis.get(_key("who", session_id))
        part = self._redis.get(_key("part", session_id))
        about = self._redis.get(_key("asked", session_id))
        question = msgspec.json.decode(about, type=Asked) if about else None
        if me is None:
            raise Refused("session_not_found")
        if question and question.asker == session_id:
            raise Refused("watching")
        if part is None:
            raise Refused("not_matched")
        mine = msgspec.json.decode(part, type=Part)
        lines = self._lines(session_id, own=True) + self._lines(mine.stranger, own=False)
        said = sorted(lines, key=lambda each: each["at"])[-self._bounds.messages :]
        return Statement(
            mine.chat_type,
            msgspec.json.decode(me, type=Caller),
            self._caller(mine.stranger),
            mine.stranger,
            bool(self._redis.exists(_key("over", session_id))),
            [question.line, *said] if question else said,
            self._caller(question.asker) if question else None,
        )

    def _caller(self, session_id: str) -> Caller:
        who = self._redis.get(_key("who", session_id))
        return msgspec.json.decode(who, type=Caller) if who else Caller()

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
        said: dict[str, list[bytes]] = {}
        for command in commands:
            if command[0] == "said":
                said.setdefault(command[1], []).append(command[2])
        for session_id, lines in said.items():
            self._keep(pipeline, session_id, lines)
        over = [command[1] for command in commands if command[0] == "over"]
        for command in commands:
            if command[0] == "SET":
                pipeline.execute_command(*command)
        for session_id in over:  # which nothing is said in any more
            self._end(pipeline, session_id)
        sizes = pipeline.execute()
        self._account(dict(zip(said, sizes, strict=False)), over)

    def _keep(self, pipeline: Any, session_id: str, lines: list[bytes]) -> None:
        bounds = (self._bounds.messages, self._bounds.chat_bytes // 2, LONGEST_CHAT)
        pipeline.execute_command("EVAL", KEEP, 1, _key("said", session_id), *bounds, *lines)

    def _end(self, pipeline: Any, session_id: str) -> None:
        pipeline.set(_key("over", session_id), "1", ex=self._after)
        for kind in ("who", "part", "said", "asked"):
            pipeline.expire(_key(kind, session_id), self._after)

    def _account(self, sizes: dict[str, int], over: list[str]) -> None:
        """Make room for what has been said, all over the site."""
        now = time.time()
        entries = [(each, size, now + LONGEST_CHAT) for each, size in sizes.items()]
        entries += [(each, -1, now + self._after) for each in over]
        if not entries:
            return
        bounds = (now, self._bounds.all_bytes, now + self._after, 2 * LONGEST_CHAT)
        flat = [part for entry in entries for part in entry]
        for session_id in self._redis.eval(ACCOUNT, len(ACCOUNTS), *ACCOUNTS, *bounds, *flat):
            self._redis.unlink(_key("said", session_id.decode()))


def _key(kind: str, session_id: str) -> str:
    return f"{PREFIX}:{kind}:{{{session_id}}}"


def _client(url: str) -> Any:
    how = {"socket_timeout": TIMEOUT, "socket_connect_timeout": TIMEOUT}
    scheme, _, rest = url.partition("://")
    if scheme.endswith("+cluster"):
        return RedisCluster.from_url(f"{scheme.removesuffix('+cluster')}://{rest}", **how)
    return Redis.from_url(url, **how)
