"""Tokens: signed, naming nobody, valid for so long, and of no use where there is a block."""

from __future__ import annotations

import json

import pytest

from rendezvous.matching import Profile
from rendezvous.meetings import Meetings
from rendezvous.refusals import Refused
from rendezvous.switchboard import MemorySwitchboard
from rendezvous.switchboard.results import Effects

MONTH = 2_592_000


class Evening:
    """Ann and Bob, and a clock that one can turn."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.5
        self.board = MemorySwitchboard()
        self.meetings = Meetings(self.board, "a secret", MONTH, lambda: self.now)
        started = (self.board.start(Profile("text", visitor=who)) for who in ("ann", "bob"))
        self.ann, self.bob = (each.session_id for each in started)

    def tokens(self) -> tuple[str, str]:
        """Ann's and Bob's."""
        self.meetings.wish(self.ann)
        deliveries = self.meetings.wish(self.bob).deliveries
        told = {each.session_id: each.event.members for each in deliveries}
        ann, bob = (json.loads(b"{%b}" % told[each]) for each in (self.ann, self.bob))
        assert ann["expires"] == bob["expires"] == "2023-12-14T22:13:20Z"
        return ann["token"], bob["token"]

    def refusal(self, token: str, visitor: str = "ann", *blocked: str) -> str:
        with pytest.raises(Refused) as caught:
            self.meetings.appointment(token, "text", visitor, blocked)
        return caught.value.code


@pytest.fixture
def evening() -> Evening:
    return Evening()


def test_both_halves_are_of_one_meeting_and_each_is_another_side(evening: Evening) -> None:
    one, other = (evening.meetings.appointment(each, "text", "", ()) for each in evening.tokens())
    assert one.meeting == other.meeting
    assert {one.side, other.side} == {"a", "b"}


def test_a_token_names_nobody_and_no_two_meetings_are_alike(evening: Evening) -> None:
    first = evening.tokens()
    again = Evening().tokens()
    for token in (*first, *again):
        assert not any(name in token for name in ("ann", "bob", evening.ann, evening.bob))
    assert len({token.split(".")[3] for token in (*first, *again)}) == 2
    assert len({token.split(".")[4] for token in (*first, *again)}) == 2


def test_it_holds_for_so_long_and_no_longer(evening: Evening) -> None:
    token, _ = evening.tokens()
    evening.now += MONTH - 1
    evening.meetings.appointment(token, "text", "ann", ())
    evening.now += 1
    assert evening.refusal(token) == "token_expired"


def test_what_others_have_signed_is_none(evening: Evening) -> None:
    token, _ = evening.tokens()
    for number, letter in enumerate(token):
        forged = token[:number] + ("A" if letter != "A" else "B") + token[number + 1 :]
        # The last letter of base 64 has bits that say nothing, and are not looked at.
        if number < len(token) - 1:
            assert evening.refusal(forged) == "token_invalid"
    foreign = Meetings(evening.board, "another secret", MONTH, lambda: evening.now)
    with pytest.raises(Refused, match="token_invalid"):
        foreign.appointment(token, "text", "ann", ())


@pytest.mark.parametrize("who", [("ann", "bob"), ("bob", "ann")])
def test_a_block_between_the_two_of_then_is_known_again(
    evening: Evening, who: tuple[str, str]
) -> None:
    for token in evening.tokens():
        assert evening.refusal(token, who[0], "somebody", who[1]) == "token_refused"
        evening.meetings.appointment(token, "text", who[0], ("somebody", "else"))


def test_one_wish_makes_no_token(evening: Evening) -> None:
    assert evening.meetings.wish(evening.ann) == Effects()
