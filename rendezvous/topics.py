"""The topics page: what people are waiting with right now, unless it singles anybody out."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import get_args

from rendezvous.protocol.fields import ChatType
from rendezvous.protocol.replies import Topic, Topics
from rendezvous.refusals import Refused
from rendezvous.switchboard import Switchboard

LASTS = 1.0  # s for which an answer is good
MOST = 50  # topics of a chat type


class TopicsPage:
    """Shows what at least `least` people wait with, if `approves` finds nothing wrong with it."""

    def __init__(
        self,
        switchboard: Switchboard,
        least: int,
        approves: Callable[[str], bool] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """With 0 for `least` there is no such page."""
        self._switchboard = switchboard
        self._least = least
        self._approves = approves or (lambda _topic: True)
        self._clock = clock
        self._page: Topics | None = None
        self._until = 0.0

    def show(self) -> Topics:
        """The page. Raises Refused: "not_found", "unavailable"."""
        if not self._least:
            raise Refused("not_found", "There is no page of topics here.")
        now = self._clock()
        if self._page is None or now >= self._until:
            self._until = now + LASTS  # before others ask, while this one waits for the store
            self._page = Topics(**{kind: self._of(kind) for kind in get_args(ChatType)})
        return self._page

    def _of(self, chat_type: ChatType) -> list[Topic]:
        found = self._switchboard.topics(chat_type, self._least, MOST)
        shown = [Topic(topic, people) for topic, people in found if self._approves(topic)]
        return sorted(shown, key=lambda each: (-each.people, each.topic))
