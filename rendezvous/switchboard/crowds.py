"""How many sessions that are not over come from one place, and belong to one visitor."""

from __future__ import annotations

from collections.abc import Iterator

from rendezvous.matching import Profile
from rendezvous.refusals import Refused

TRY_AGAIN = 5.0  # s; when one of them may be over, which nobody knows


def too_many() -> Refused:
    """What somebody is told who has enough of them."""
    return Refused("rate_limited", "That is too many chats at once.", retry_after=TRY_AGAIN)


def token_in_use() -> Refused:
    """What somebody is told whose token is waited with, maybe by a tab of theirs that is lost."""
    return Refused("token_in_use", retry_after=TRY_AGAIN)


class Crowds:
    """Counts up to `most_of_place` and `most_of_visitor`; 0 is no cap, and "" is nobody."""

    def __init__(self, most_of_place: int, most_of_visitor: int) -> None:
        self._most_of_place = most_of_place
        self._most_of_visitor = most_of_visitor
        self._open: dict[tuple[str, str], int] = {}

    def enter(self, profile: Profile) -> None:
        """One more; raises Refused: "rate_limited"."""
        keys = dict(self._keys(profile))
        if any(self._open.get(key, 0) >= most for key, most in keys.items()):
            raise too_many()
        for key in keys:
            self._open[key] = self._open.get(key, 0) + 1

    def leave(self, profile: Profile) -> None:
        """One that had entered is over."""
        for key, _ in self._keys(profile):
            left = self._open[key] - 1
            if left:
                self._open[key] = left
            else:
                del self._open[key]

    def __len__(self) -> int:
        return len(self._open)

    def _keys(self, profile: Profile) -> Iterator[tuple[tuple[str, str], int]]:
        if self._most_of_place and profile.place:
            yield ("place", profile.place), self._most_of_place
        if self._most_of_visitor and profile.visitor:
            yield ("visitor", profile.visitor), self._most_of_visitor
