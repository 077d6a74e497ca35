"""Looks who waits alone, and sends them a bot."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from time import monotonic
from typing import get_args

import aiohttp

from rendezvous.demo.bot import Bot, NobodyThere
from rendezvous.logs import log
from rendezvous.protocol.fields import ChatType

CHAT_TYPES: tuple[ChatType, ...] = get_args(ChatType)
PATIENCE = 3.0  # s; so long a person may hope for another person
INTERVAL = 0.5  # s; between two looks
MOST = 6  # bots at once, because each that makes video takes a good part of a processor
TIMEOUT = aiohttp.ClientTimeout(total=5)


class Host:
    """Has at most `MOST` bots in chats with people, and none waiting."""

    def __init__(self, url: str, patience: float = PATIENCE) -> None:
        self._url = url
        self._patience = patience
        self._lonely_since: dict[ChatType, float] = {}
        self._busy: set[asyncio.Task[None]] = set()
        self._answers = True

    async def run(self) -> None:
        """Look and send, until cancelled."""
        log.warning("demo: bots will talk to people who wait alone", most=MOST)
        async with aiohttp.ClientSession(timeout=TIMEOUT) as http, asyncio.TaskGroup() as chats:
            while True:
                for chat_type in self._lonely(await self._waiting(http)):
                    # One after the other, so that no two ever look for somebody at once.
                    if len(self._busy) < MOST and (bot := await self._send(chat_type)):
                        task = chats.create_task(_attend(bot))
                        self._busy.add(task)
                        task.add_done_callback(self._busy.discard)
                await asyncio.sleep(INTERVAL)

    async def _waiting(self, http: aiohttp.ClientSession) -> dict[ChatType, int]:
        """How many wait, by chat type; nobody if the server does not say."""
        try:
            async with http.get(self._url, headers={"Accept": "application/json"}) as response:
                waiting: dict[ChatType, int] = (await response.json())["waiting"]
        except (aiohttp.ClientError, TimeoutError, KeyError) as error:
            if self._answers:
                log.warning("demo: the server does not say who waits", error=repr(error))
            self._answers = False
            return {}
        self._answers = True
        return waiting

    def _lonely(self, waiting: dict[ChatType, int]) -> Iterator[ChatType]:
        """The chat types in which somebody has waited long enough."""
        now = monotonic()
        for chat_type in CHAT_TYPES:
            if not waiting.get(chat_type):
                self._lonely_since.pop(chat_type, None)
            elif now - self._lonely_since.setdefault(chat_type, now) >= self._patience:
                del self._lonely_since[chat_type]
                yield chat_type

    async def _send(self, chat_type: ChatType) -> Bot | None:
        bot = Bot(chat_type)
        try:
            await bot.meet(self._url)
        except NobodyThere:
            return None
        return bot


async def _attend(bot: Bot) -> None:
    """Let one bot talk; its end, whatever it is, is not the others'."""
    try:
        await bot.run()
    except Exception:  # noqa: BLE001 - as the sentence above says
        log.exception("demo: bot failed")
