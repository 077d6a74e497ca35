"""Who asks a question and who would discuss one: who meets whom, and when."""

from __future__ import annotations

import pytest

from rendezvous.matching import Profile
from rendezvous.switchboard import Switchboard, Terms

from .conftest import PATIENT, Clock
from .questions import QUESTION, asks, discusses, heard, passes


@pytest.fixture(scope="module")
def terms() -> Terms:
    return PATIENT


def status(board: Switchboard, *profiles: Profile) -> list[str]:
    """How each stands when all have started, one after the other."""
    begun = [board.start(profile) for profile in profiles]
    return [board.read(each.session_id, 0).status for each in begun]


class TestMeeting:
    @pytest.mark.parametrize(
        "profiles",
        [
            (asks(), discusses(), discusses()),
            (discusses(), asks(), discusses()),
            (discusses(), discusses(), asks()),
        ],
        ids=["asker first", "asker second", "asker last"],
    )
    def test_an_asker_and_two_who_would_discuss_make_a_chat(
        self, board: Switchboard, profiles: tuple[Profile, ...]
    ) -> None:
        assert status(board, *profiles) == ["matched"] * 3

    def test_without_a_question_nobody_discusses(self, board: Switchboard) -> None:
        assert status(board, discusses(), discusses()) == ["waiting"] * 2

    def test_a_question_is_discussed_by_two_and_no_more(self, board: Switchboard) -> None:
        who = (asks(), discusses(), discusses(), discusses(), discusses())
        assert status(board, *who) == ["matched"] * 3 + ["waiting"] * 2

    def test_who_would_discuss_does_not_meet_who_only_chats(self, board: Switchboard) -> None:
        assert status(board, asks(), discusses(), Profile("text")) == ["waiting"] * 3

    def test_the_first_question_comes_first(self, board: Switchboard) -> None:
        who = (asks(), asks(), discusses(), discusses())
        assert status(board, *who) == ["matched", "waiting", "matched", "matched"]

    def test_the_two_learn_the_question_and_the_asker_that_they_have_met(
        self, board: Switchboard
    ) -> None:
        asker = board.start(asks()).session_id
        one = board.start(discusses(interests="go tea")).session_id
        other = board.start(discusses(interests="tea")).session_id
        for session_id in (one, other):
            ((name, facts),) = heard(board, session_id)
            assert name == "matched"
            assert facts["question"] == QUESTION
            assert facts["common_interests"] == ["tea"]
        assert heard(board, asker) == [
            ("discussion_started", {"question": QUESTION, "common_interests": ["tea"]})
        ]

    def test_the_match_names_the_asker_and_the_question(self, board: Switchboard) -> None:
        asker = board.start(asks()).session_id
        board.start(discusses())
        (match,) = board.start(discusses()).effects.matches
        assert (match.asker, match.question) == (asker, QUESTION)

    def test_an_ordinary_chat_has_no_question(self, board: Switchboard) -> None:
        board.start(Profile("text"))
        begun = board.start(Profile("text"))
        assert begun.effects.matches[0].asker == ""
        assert "question" not in heard(board, begun.session_id)[0][1]

    @pytest.mark.parametrize(
        "profiles",
        [
            (asks("ann"), discusses("ann"), discusses("bob")),
            (asks("ann"), discusses("bob"), discusses("bob")),
            (asks("ann", blocked="bob"), discusses("bob"), discusses("cid")),
            (asks("ann"), discusses("bob", blocked="ann"), discusses("cid")),
            (asks("ann"), discusses("bob"), discusses("cid", blocked="bob")),
        ],
        ids=["the asker", "two tabs", "whom the asker blocks", "who blocks the asker", "a block"],
    )
    def test_who_may_not_meet_does_not(
        self, board: Switchboard, clock: Clock, profiles: tuple[Profile, ...]
    ) -> None:
        assert status(board, *profiles) == ["waiting"] * 3
        passes(board, clock, 100)
        assert board.counts().waiting["text"] == 3

    def test_a_question_of_somebody_else_is_taken_instead(self, board: Switchboard) -> None:
        who = (asks("ann"), asks("bob"), discusses("ann"), discusses("cid"))
        assert status(board, *who) == ["waiting", "matched", "matched", "matched"]

    def test_two_who_have_met_do_not_meet_again_over_a_question(
        self, board: Switchboard, clock: Clock
    ) -> None:
        for visitor in ("ann", "bob"):
            board.leave(board.start(Profile("text", visitor=visitor)).session_id)
        one = board.start(Profile("text", visitor="ann")).session_id
        board.start(Profile("text", visitor="bob"))
        board.leave(one)
        assert status(board, asks(), discusses("ann"), discusses("bob")) == ["waiting"] * 3
        passes(board, clock, 61)
        assert board.counts().watching == 1

    def test_a_question_in_another_language_comes_when_its_wait_has_widened(
        self, board: Switchboard, clock: Clock
    ) -> None:
        who = (asks(language="pt-BR"), discusses(language="de"), discusses(language="de"))
        assert status(board, *who) == ["waiting"] * 3
        passes(board, clock, 3.9)
        assert board.counts().watching == 0
        passes(board, clock, 0.2)
        assert board.counts().watching == 1

    def test_a_question_in_ones_own_language_goes_before_the_first(
        self, board: Switchboard
    ) -> None:
        who = (
            asks(),
            asks(language="pt"),
            discusses(language="pt-BR"),
            discusses(language="pt-PT"),
        )
        assert status(board, *who) == ["waiting", "matched", "matched", "matched"]

    def test_who_shares_an_interest_meets_first(self, board: Switchboard, clock: Clock) -> None:
        board.start(asks())
        board.start(discusses(interests="jazz"))
        go = board.start(discusses(interests="go")).session_id
        (match,) = board.start(discusses(interests="go")).effects.matches
        assert go in match.sessions

    def test_a_question_whose_asker_is_away_waits(self, board: Switchboard) -> None:
        asker = board.start(asks(), "socket").session_id
        board.drop(asker, "socket")
        assert status(board, discusses(), discusses()) == ["waiting"] * 2
        board.join(asker, 0, "new socket")
        assert board.read(asker, 0).status == "matched"

    def test_a_question_that_is_taken_back_is_not_discussed(self, board: Switchboard) -> None:
        board.leave(board.start(asks()).session_id)
        assert status(board, discusses(), discusses()) == ["waiting"] * 2
        assert board.counts().waiting["text"] == 2
