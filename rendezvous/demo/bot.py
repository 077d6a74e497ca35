"""One bot in one chat with one person, over Socket.IO like any client."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from typing import Any

import socketio
from socketio.exceptions import SocketIOError

from rendezvous.demo.call import VideoCall
from rendezvous.demo.talk import Talker
from rendezvous.logs import log, short
from rendezvous.protocol.fields import ChatType

Json = dict[str, Any]
BADGE = "rendezvous demo bot"  # an interest that all bots name, by which they know each other
ANSWER_TIMEOUT = 5.0  # s
SILENCE = 40.0  # s, after which the bot asks something
PER_CHARACTER, LONGEST = 0.03, 2.5  # s; how long it seems to type
OVER = ("partner_disconnected", "session_ended", "disconnect")


class NobodyThere(Exception):
    """Whoever waited has gone, has met somebody else, or is a bot."""


class Bot:
    """Meets one person, and stays until they leave."""

    def __init__(self, chat_type: ChatType) -> None:
        self._chat_type = chat_type
        self._client = socketio.AsyncClient(reconnection=False)
        self._events: asyncio.Queue[tuple[str, Json]] = asyncio.Queue()
        self._heard: asyncio.Queue[str] = asyncio.Queue()
        self._talker = Talker(random.Random())  # noqa: S311 - what to say next is no secret
        self._call: VideoCall | None = None
        self._session_id = ""
        self._client.on("*", self._note)
        self._client.on("disconnect", lambda reason: self._note("disconnect", {"reason": reason}))

    async def meet(self, url: str) -> None:
        """Connect and be matched at once; raises NobodyThere, without having waited for anybody."""
        try:
            await self._client.connect(url, transports=["websocket"], wait_timeout=ANSWER_TIMEOUT)
            wish = {"chat_type": self._chat_type, "interests": [BADGE]}
            answer = await self._client.call("start", wish, timeout=ANSWER_TIMEOUT)
            self._session_id = answer.get("session_id", "")
            if answer.get("status") != "matched":
                raise NobodyThere
        except (SocketIOError, NobodyThere) as error:
            await self._leave()
            raise NobodyThere from error

    async def run(self) -> None:
        """Talk, and show a picture if that is wanted, until the chat is over."""
        log.info("demo: bot in", session=short(self._session_id), chat_type=self._chat_type)
        talk = asyncio.create_task(self._talk())
        try:
            await self._react()
        finally:
            talk.cancel()
            if self._call:
                await self._call.close()
            await self._leave()
            log.info("demo: bot out", session=short(self._session_id))

    async def _leave(self) -> None:
        """Say goodbye; who only disconnects is waited for."""
        with suppress(SocketIOError):
            goodbye = {"session_id": self._session_id}
            await self._client.call("leave_session", goodbye, timeout=ANSWER_TIMEOUT)
        await self._client.disconnect()

    def _note(self, name: str, data: Json) -> None:
        self._events.put_nowait((name, data))

    async def _react(self) -> None:
        """Do what events ask for; whatever a person sends, the bot stays."""
        while True:
            name, data = await self._events.get()
            if name in OVER or BADGE in data.get("common_interests", ()):
                return
            try:
                await self._handle(name, data)
            except Exception as error:  # noqa: BLE001 - signals are anybody's, and aiortc trusts them
                log.warning("demo: bot stumbles", over=name, error=repr(error))

    async def _handle(self, name: str, data: Json) -> None:
        if name == "upgrade_requested":
            await self._send("upgrade_answer", accept=True)
        elif name in ("matched", "upgraded") and data["chat_type"] == "video":
            self._call = VideoCall(data, self._signal)
            if data["is_initiator"]:
                await self._call.offer()
        elif name == "webrtc_signal" and self._call:
            await self._call.take(data["signal"])
        elif name == "new_message":
            self._heard.put_nowait(data["message"]["text"])

    async def _talk(self) -> None:
        """Say hello, then answer; break a long silence, but not for ever."""
        for greeting in self._talker.greeting(self._chat_type):
            await self._say(greeting)
        while True:
            if text := await self._think():
                await self._say(text)

    async def _think(self) -> str | None:
        try:
            heard = await asyncio.wait_for(self._heard.get(), SILENCE)
        except TimeoutError:
            return self._talker.break_silence()
        while not self._heard.empty():
            heard = self._heard.get_nowait()  # only the last is answered, however fast they come
        return self._talker.answer(heard)

    async def _say(self, text: str) -> None:
        await self._send("typing", is_typing=True)
        await asyncio.sleep(min(LONGEST, PER_CHARACTER * len(text)))
        await self._send("send_message", message=text)
        await self._send("typing", is_typing=False)

    async def _signal(self, signal: Json) -> None:
        await self._send("webrtc_signal", signal=signal)

    async def _send(self, event: str, **data: object) -> None:
        with suppress(SocketIOError):  # when the connection has just gone, as `_react` will hear
            await self._client.emit(event, {"session_id": self._session_id, **data})
