"""The topics page: for everybody to read, so it tells of nobody, and nothing bad."""

from __future__ import annotations

import pytest

from rendezvous.matching import Profile, Widening
from rendezvous.protocol.replies import Topic, Topics
from rendezvous.refusals import Refused
from rendezvous.safety.words import TextFilter
from rendezvous.switchboard import MemorySwitchboard, Terms
from rendezvous.topics import LASTS, TopicsPage
from tests.switchboard.conftest import Clock

PATIENT = Widening(arrivals=1, soonest=60, latest=60)


class Site:
    def __init__(self, clock: Clock) -> None:
        self.board = MemorySwitchboard(Terms(widening=PATIENT, topics=True, not_again=20), clock)
        self.people = 0

    def wait(self, *interests: str, people: int = 3) -> None:
        """So many wait with the same, each for a language of their own."""
        for _ in range(people):
            self.people += 1
            who = f"v{self.people}"
            pins = frozenset({"language"})
            self.board.start(Profile("text", interests, f"x{who}", who, pinned=pins))  # type: ignore[arg-type]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def site(clock: Clock) -> Site:
    return Site(clock)


def test_the_most_popular_come_first_and_nobody_is_singled_out(site: Site, clock: Clock) -> None:
    site.wait("go")
    site.wait("tea", "jazz")
    site.wait("tea", people=1)
    site.wait("a secret of two", people=2)
    page = TopicsPage(site.board, 3, clock=clock).show()
    assert page == Topics([Topic("tea", 4), Topic("go", 3), Topic("jazz", 3)], [])


def test_what_the_operators_filter_finds_is_left_out(site: Site, clock: Clock) -> None:
    site.wait("go", "b a d", "www.example.org", "+49 170 1234567")
    words = TextFilter(["bad"], "light", "warn")
    page = TopicsPage(site.board, 3, words.approves, clock).show()
    assert page.text == [Topic("go", 3)]


def test_a_page_is_good_for_a_moment(site: Site, clock: Clock) -> None:
    page = TopicsPage(site.board, 1, clock=clock)
    assert page.show().text == []
    site.wait("go")
    assert page.show().text == []
    clock.pass_by(LASTS)
    assert page.show().text == [Topic("go", 3)]


def test_there_is_no_page_where_it_is_switched_off(site: Site) -> None:
    with pytest.raises(Refused) as refused:
        TopicsPage(site.board, 0).show()
    assert refused.value.code == "not_found"
