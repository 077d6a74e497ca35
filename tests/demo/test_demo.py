"""`python run.py --demo`, as people meet it."""

from __future__ import annotations

import asyncio
import os
import queue
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame, VideoFrame

from rendezvous.demo.bot import BADGE, Bot, NobodyThere
from tests.conftest import Launch
from tests.harness.clients import SocketClient, wait_for
from tests.harness.guests import Guests
from tests.harness.processes import is_running
from tests.harness.servers import DEMO, ROOT, Server
from tests.video.peers import Peer
from tests.video.pictures import RED

PATIENCE = 120  # s; until all has to be over
FRAMES = 20
LOUD = 1_000  # of 32,767


@pytest.fixture(scope="module")
def server(launch: Launch) -> Server:
    return launch(DEMO)


@pytest.fixture(scope="module")
def quiet(launch: Launch) -> Server:
    """A server without bots."""
    return launch()


@pytest.fixture
def person(quiet: Server) -> Iterator[SocketClient]:
    """Somebody on the server without bots."""
    with SocketClient(quiet.url, quiet.schemas) as client:
        yield client


def next_message(client: SocketClient) -> str:
    """The text of the next message, whatever else happens before it."""
    while True:
        name, data = client.next_event()
        assert name in ("new_message", "partner_typing", "webrtc_signal"), (name, data)
        if name == "new_message":
            return str(data["message"]["text"])


def test_a_person_who_waits_alone_gets_a_bot_that_says_so_and_answers(guests: Guests) -> None:
    alone = guests.socket()
    assert alone.start()["status"] == "waiting"
    assert alone.expect("matched")["common_interests"] == []
    assert "bot, not a person" in next_message(alone)
    assert next_message(alone).endswith("?")
    alone.send("My name is Ada")
    assert "Ada" in next_message(alone)
    assert guests.server.health()["chats"] == 1
    alone.call("leave_session", {"session_id": alone.session_id})
    wait_for(lambda: not guests.server.health()["online"], "the bot's leave")
    assert "demo: bot in" in guests.server.log()


def test_two_people_are_each_others_and_get_no_bot(guests: Guests) -> None:
    one, other = guests.pair()
    one.send("Hello")
    assert next_message(other) == "Hello"
    assert guests.server.health()["chats"] == 1


def test_more_people_than_one_get_a_bot_each(guests: Guests) -> None:
    people = [guests.socket() for _ in range(2)]
    for number, person in enumerate(people):
        person.start()
        person.expect("matched")
        assert guests.server.health()["chats"] == number + 1
    for person in people:
        assert "bot" in next_message(person)


def test_a_bot_that_is_asked_goes_on_by_video(guests: Guests) -> None:
    alone = guests.socket()
    alone.start()
    alone.expect("matched")
    assert alone.call("upgrade_request", {"session_id": alone.session_id})["ok"]
    while (event := alone.next_event())[0] != "upgraded":
        assert event[0] in ("new_message", "partner_typing")
    assert event[1]["is_initiator"]


class Audience(Peer):
    """A person who looks at the first and the latest picture, and listens for a tone."""

    def __init__(self, client: SocketClient) -> None:
        super().__init__(client, RED, trickle=True)
        self.pictures: list[bytes] = []
        self.loudest = 0

    async def run(self) -> None:
        """React to what matters to a call; the bot talks, too, and typing is not numbered."""
        while True:
            try:
                name, data = await asyncio.to_thread(self.client.next_event, 0.2)
            except queue.Empty:
                continue
            if name in ("matched", "webrtc_signal"):
                await self._react(name, data)

    def _watch(self, track: MediaStreamTrack) -> None:
        self._watching.append(asyncio.ensure_future(self._perceive(track)))

    async def _perceive(self, track: MediaStreamTrack) -> None:
        with suppress(MediaStreamError):
            while True:
                frame = await track.recv()
                if isinstance(frame, VideoFrame):
                    self.pictures.append(bytes(frame.reformat(format="gray").planes[0]))
                elif isinstance(frame, AudioFrame):
                    samples = memoryview(bytes(frame.planes[0])).cast("h")
                    self.loudest = max(self.loudest, *samples)

    def has_perceived(self) -> bool:
        """Whether it has seen and heard enough."""
        return len(self.pictures) >= FRAMES and self.loudest > LOUD


def test_a_person_sees_the_bots_moving_picture_and_hears_its_tone(guests: Guests) -> None:
    async def call() -> Audience:
        person = Audience(await asyncio.to_thread(guests.socket))
        try:
            async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as background:
                await person.start()
                task = background.create_task(person.run())
                while not person.has_perceived():
                    await asyncio.sleep(0.02)  # between two looks
                task.cancel()
        finally:
            await person.close()
        return person

    pictures = asyncio.run(call()).pictures
    changed = sum(abs(a - b) > 32 for a, b in zip(pictures[0], pictures[-1], strict=True))
    assert changed > len(pictures[0]) / 50, "a still picture"


def test_a_bot_does_not_wait_for_anybody(quiet: Server) -> None:
    async def meet() -> None:
        with pytest.raises(NobodyThere):
            await Bot("text").meet(quiet.url)

    asyncio.run(meet())
    wait_for(lambda: not quiet.health()["online"], "the bot's leave")


def test_bots_do_not_talk_to_each_other(quiet: Server, person: SocketClient) -> None:
    assert person.start(interests=[BADGE])["status"] == "waiting"

    async def meet() -> None:
        bot = Bot("text")
        await bot.meet(quiet.url)
        async with asyncio.timeout(PATIENCE):
            await bot.run()

    asyncio.run(meet())
    heard = [person.expect("matched")["common_interests"]]
    while (event := person.next_event()[0]) != "partner_disconnected":
        heard.append(event)
    assert heard[0] == [BADGE]
    assert set(heard[1:]) <= {"partner_typing"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_the_bots_end_with_their_server_however_it_ends(
    launch: Launch, number: signal.Signals
) -> None:
    server = launch(DEMO)
    (bots,) = server.children()
    server.process.send_signal(number)
    assert server.process.wait(30) == (-signal.SIGKILL if number == signal.SIGKILL else 0)
    wait_for(lambda: not is_running(bots), "the bots' end")
    assert "Traceback" not in server.log()


def test_who_lacks_the_packages_is_told_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import importlib.util as util\n"
        "find = util.find_spec\n"
        "util.find_spec = lambda name, *more: None if name == 'aiortc' else find(name, *more)\n"
    )
    environ = {**os.environ, "PYTHONPATH": str(tmp_path), "SECRET_KEY": "x", "PORT": "0"}
    command = [sys.executable, "run.py", "--demo"]
    run = subprocess.run(
        command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=60
    )
    assert run.returncode == 1
    (line,) = run.stderr.splitlines()
    assert "--demo needs aiortc" in line
    assert "make demo" in line
