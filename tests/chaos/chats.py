"""Pairs that talk all the time, whatever happens, and the audit of what has become of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from http import HTTPStatus
from random import Random
from typing import Self

import requests

from tests.chaos.deployment import Deployment
from tests.chaos.guest import Guest, Over

SETTLE_TIMEOUT = 60.0  # s; for everybody to be back, or told that it is over
AT_ONCE = 100  # guests that arrive together


class Broken(AssertionError):
    """Something that must hold does not; the text says what."""


class Chats:
    """`2 * pairs` guests, spread over `ports`, who have met and say something every `pause` s."""

    def __init__(
        self,
        deployment: Deployment,
        pairs: int,
        *,
        pause: float = 1.0,
        ports: Callable[[int], Sequence[int]] | None = None,
    ) -> None:
        """`ports(number)` are those that a guest knows, if they are not the workers'."""
        self.deployment = deployment
        random = Random(pairs)
        self.guests = [
            Guest(f"guest{number}", ports(number) if ports else deployment.ports, random)
            for number in range(2 * pairs)
        ]
        self._pause = pause
        self._random = random
        self._talking: list[asyncio.Task[None]] = []
        self._is_quiet = asyncio.Event()

    async def __aenter__(self) -> Self:
        for start in range(0, len(self.guests), AT_ONCE):
            for guest in self.guests[start : start + AT_ONCE]:
                guest.begin()
            await self.until(lambda: all(each.session_id for each in self.begun), "starting")
        await self.until(lambda: all(each.status == "matched" for each in self.guests), "meeting")
        self._talking = [asyncio.create_task(self._talk(guest)) for guest in self.guests]
        await self.until(lambda: all(each.partner for each in self.guests), "hearing the first")
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._talking:
            task.cancel()
        for guest in self.guests:
            guest.vanish()

    @property
    def begun(self) -> Iterator[Guest]:
        return (guest for guest in self.guests if guest._life is not None)

    async def _talk(self, guest: Guest) -> None:
        pause = self._random.uniform(0, self._pause)
        try:
            while not await self._quiet_within(pause):
                await guest.say()
                pause = self._pause
        except Over:
            pass

    async def _quiet_within(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._is_quiet.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def hush(self) -> None:
        """Nobody begins a new message; those under way are acknowledged, or the chat is over."""
        self._is_quiet.set()
        talking, self._talking = self._talking, []
        async with asyncio.timeout(SETTLE_TIMEOUT):
            await asyncio.gather(*talking)

    async def until(
        self, condition: Callable[[], object], what: str, timeout: float = SETTLE_TIMEOUT
    ) -> float:
        """Wait for `condition`; how long that took. Raises Broken that names `what`."""
        began = time.monotonic()
        while not condition():
            if time.monotonic() - began > timeout:
                odd = [guest for guest in self.guests if not guest.joined.is_set()]
                raise Broken(f"{what} took over {timeout} s; not there: {odd[:5]} of {len(odd)}")
            await asyncio.sleep(0.02)  # between two looks
        return time.monotonic() - began

    async def heard_after(self, moment: float, timeout: float = SETTLE_TIMEOUT) -> float:
        """Seconds from `moment` until everybody's talk was acknowledged again."""
        await self.until(
            lambda: all(each.last_acknowledged > moment for each in self.guests if each.lives),
            "being acknowledged again",
            timeout,
        )
        latest = max((each.last_acknowledged for each in self.guests if each.lives), default=moment)
        return latest - moment

    async def audit(
        self, *, may_end: Callable[[Guest], bool] = lambda _guest: False, may_lose: bool = False
    ) -> None:
        """Raise Broken if anything acknowledged is lost, repeated or out of order, or anybody is
        not in exactly one state; `may_end` says whose chat may be over, `may_lose` whether Redis
        may report a loss.
        """
        await self.hush()
        await self.until(
            lambda: all(each.joined.is_set() or each.status == "over" for each in self.guests),
            "coming back",
        )
        await self._roll_call()
        wrong = [each for guest in self.guests for each in guest.wrong]
        by_name = {guest.name: guest for guest in self.guests}
        for guest in self.guests:
            partner = by_name[guest.partner]
            wrong += self._complaints(guest, partner)
            if guest.gap and not may_lose:
                wrong.append(f"{guest} was told of a loss")
            if guest.status == "over" and not may_end(guest):
                wrong.append(f"{guest} has ended: {guest.end_reason}")
        wrong += await asyncio.to_thread(self._differences)
        wrong += self.deployment.complaints()
        if wrong:
            raise Broken("\n".join([f"{len(wrong)} complaints", *wrong[:10]]))

    async def _roll_call(self) -> None:
        """Everybody who is in a chat says one thing more, and hears one more."""
        matched = [guest for guest in self.guests if guest.lives]
        by_name = {guest.name: guest for guest in self.guests}
        said = await asyncio.gather(*(each.say() for each in matched), return_exceptions=True)
        for error in said:
            if isinstance(error, BaseException) and not isinstance(error, Over):
                raise error
        await self.until(
            lambda: all(
                each.heard >= by_name[each.partner].acknowledged or each.gap
                for each in matched
                if each.lives
            ),
            "hearing what was acknowledged",
        )

    def _complaints(self, guest: Guest, partner: Guest) -> Iterator[str]:
        if partner.partner != guest.name:
            yield f"{guest} has {partner}, who has {partner.partner}"
        if partner.status != guest.status:
            yield f"{guest} and {partner} disagree"
        if guest.heard < partner.acknowledged and guest.lives and not guest.gap:
            yield f"{guest} has heard {guest.heard} of {partner.acknowledged} messages"

    def _differences(self) -> Iterator[str]:
        """Where the server's view of a session is not its client's."""
        found = []
        with requests.Session() as http:
            for number, guest in enumerate(self.guests):
                worker = self.deployment.workers[number % len(self.deployment.workers)]
                response = _looked_up(http, worker.url, guest)
                answer = response.json()
                status = answer.get("status", answer.get("code"))
                known = "ended" if guest.status == "over" else guest.status
                if status != known and not (known == "ended" and response.status_code == 404):
                    found.append(f"{guest} is {status} for the server")
                elif known != "ended" and not guest.gap and answer["last_seq"] != guest.seen:
                    found.append(f"{guest} is at {answer['last_seq']} for the server")
        online, expected = self.deployment.online(), sum(guest.lives for guest in self.guests)
        if online != expected:
            found.append(f"{online} are online, {expected} should be")
        return iter(found)

    async def part(self) -> None:
        """Everybody leaves, and the deployment counts nobody any more."""
        await self.hush()
        await asyncio.gather(*(guest.leave() for guest in self.guests))
        await self.until(lambda: self.deployment.online() == 0, "counting nobody")

    # Figures

    @property
    def acknowledged(self) -> int:
        return sum(guest.acknowledged for guest in self.guests)

    @property
    def absences(self) -> list[float]:
        """How long anybody was without a line, in seconds."""
        return sorted(each for guest in self.guests for _, each in guest.absences)

    def last_return(self, moment: float) -> float:
        """Seconds from `moment` until the last who came back was back."""
        returns = (until for guest in self.guests for until, _ in guest.absences)
        return max(returns, default=moment) - moment

    def slowest_answer(self, since: float, until: float) -> float:
        """The longest that anybody waited for an answer that came, among those asked then."""
        return max(
            (
                seconds
                for guest in self.guests
                for asked, seconds in guest.answer_times
                if since <= asked <= until
            ),
            default=0.0,
        )

    def count(self, event: str) -> int:
        return sum(guest.events[event] for guest in self.guests)


def _looked_up(http: requests.Session, url: str, guest: Guest) -> requests.Response:
    """What a server says of a guest; asked again while it is `unavailable`, as clients do.

    A worker that was frozen learns only from Redis, a moment after it woke, that it was given up.
    """
    body = {"session_id": guest.session_id, "after": guest.seen}
    until = time.monotonic() + SETTLE_TIMEOUT
    while True:
        response = http.post(f"{url}/receive", json=body, timeout=10)
        if response.status_code != HTTPStatus.SERVICE_UNAVAILABLE or time.monotonic() > until:
            return response
        time.sleep(0.1)  # between two tries
