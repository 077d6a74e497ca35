"""What every switchboard promises to who watches two discuss a question, and to the two."""

from __future__ import annotations

import json
from typing import NamedTuple

import pytest

from rendezvous.switchboard import MemorySwitchboard, Switchboard, Terms
from rendezvous.switchboard.results import Effects, View

from .conftest import PATIENT, TERMS, Clock
from .questions import asks, discusses, heard, passes
from .sessions import refusal


@pytest.fixture(scope="module")
def terms() -> Terms:
    return PATIENT


class Trio(NamedTuple):
    """Who asks and watches, and the two; `one` is the asker's stranger 1."""

    asker: str
    one: str
    other: str


def trio(board: Switchboard) -> Trio:
    asker = board.start(asks(), "asker's socket").session_id
    other = board.start(discusses(), "a socket").session_id
    one = board.start(discusses(), "another socket").session_id
    return Trio(asker, one, other)


def say(board: Switchboard, session_id: str, text: str, client_id: str | None = None) -> Effects:
    members = b'"message":' + json.dumps({"text": text}).encode()
    return board.post(session_id, "new_message", members, f"id of {text}", client_id).effects


class TestTalking:
    def test_the_asker_reads_what_the_two_write_and_who_of_them(self, board: Switchboard) -> None:
        asker, one, other = trio(board)
        say(board, one, "hello")
        say(board, other, "well")
        assert heard(board, asker)[1:] == [
            ("new_message", {"stranger": 1, "message": {"text": "hello"}}),
            ("new_message", {"stranger": 2, "message": {"text": "well"}}),
        ]
        assert heard(board, other)[1:] == [("new_message", {"message": {"text": "hello"}})]

    def test_a_message_is_delivered_to_both_at_once(self, board: Switchboard) -> None:
        asker, one, other = trio(board)
        effects = say(board, one, "hello")
        assert {each.session_id: each.event.seq for each in effects.deliveries} == {
            other: 2,
            asker: 2,
        }

    def test_a_message_that_is_sent_again_comes_once(self, board: Switchboard) -> None:
        asker, one, _ = trio(board)
        for _ in range(2):
            say(board, one, "hello", "client id")
        assert [name for name, _ in heard(board, asker)] == ["discussion_started", "new_message"]

    def test_the_asker_sees_who_types(self, board: Switchboard) -> None:
        asker, one, other = trio(board)
        effects = board.whisper(other, "partner_typing", b'"is_typing":true')
        told = {
            each.session_id: json.loads(b"{%b}" % each.event.members) for each in effects.deliveries
        }
        assert told == {one: {"is_typing": True}, asker: {"stranger": 2, "is_typing": True}}

    def test_a_chat_that_is_watched_stays_a_text_chat(self, board: Switchboard) -> None:
        asker, one, other = trio(board)
        assert refusal(board.request_upgrade, one) == "watched"
        assert refusal(board.request_upgrade, asker) == "watching"
        board.leave(asker)
        board.request_upgrade(one)
        board.answer_upgrade(other, accept=True)
        assert board.read(one, 0).chat_type == "video"

    @pytest.mark.parametrize("when", ["waiting", "watching"])
    def test_whatever_the_asker_says_is_refused(self, board: Switchboard, when: str) -> None:
        asker = trio(board).asker if when == "watching" else board.start(asks()).session_id
        assert refusal(say, board, asker, "hello") == "watching"
        assert refusal(board.post, asker, "webrtc_signal", b'"signal":{}') == "watching"
        assert refusal(board.whisper, asker, "partner_typing", b'"is_typing":true') == "watching"

    def test_an_asker_who_reads_nothing_holds_nobody_up(self, board: Switchboard) -> None:
        asker, one, other = trio(board)
        board.drop(asker, "asker's socket")
        for number in range(3 * TERMS.inbox_events):
            say(board, one, f"message {number}")
            board.read(other, 2 + number)
        view = board.join(asker, 1, "another")
        assert view.gap
        assert len(view.events) == TERMS.inbox_events
        assert view.events[-1].seq == view.last_seq

    def test_what_the_asker_gets_names_nobody(self, board: Switchboard) -> None:
        asker, one, other = trio(board)
        say(board, one, "hello")
        board.drop(one, "another socket")
        board.leave(other)
        everything = b"".join(event.members for event in board.read(asker, 0).events)
        assert one.encode() not in everything
        assert other.encode() not in everything


class TestComingAndGoing:
    def test_the_asker_sees_who_is_away_and_back(self, board: Switchboard) -> None:
        asker, one, _ = trio(board)
        board.drop(one, "another socket")
        board.join(one, 0, "a third socket")
        assert heard(board, asker, 1) == [
            ("partner_reconnecting", {"stranger": 1}),
            ("partner_reconnected", {"stranger": 1}),
        ]

    def test_nobody_is_told_that_the_asker_is_away_for_a_moment(self, board: Switchboard) -> None:
        asker, one, _ = trio(board)
        assert board.drop(asker, "asker's socket") == Effects()
        say(board, one, "hello")
        view: View = board.join(asker, 1, "another")
        assert view.effects == Effects()
        assert [event.name for event in view.events] == ["new_message"]

    def test_when_the_asker_leaves_the_two_go_on_and_know_it(self, board: Switchboard) -> None:
        asker, one, other = trio(board)
        (ending,) = board.leave(asker).endings
        assert (ending.sessions, ending.asker) == ((asker,), asker)
        say(board, one, "still here?")
        assert [name for name, _ in heard(board, other)] == ["matched", "unwatched", "new_message"]
        assert heard(board, one)[1:] == [("unwatched", {})]
        assert board.read(asker, 0).status == "ended"
        assert len(heard(board, asker)) == 1

    def test_an_asker_who_does_not_come_back_is_gone(
        self, board: Switchboard, clock: Clock
    ) -> None:
        asker, one, other = trio(board)
        board.drop(asker, "asker's socket")
        passes(board, clock, TERMS.reconnect_grace + 1)
        assert heard(board, one)[1:] == [("unwatched", {})]
        assert heard(board, other)[1:] == [("unwatched", {})]
        assert heard(board, asker)[1:] == [("session_ended", {"reason": "inactivity"})]
        assert board.counts().watching == 0
        assert board.counts().chats["text"] == 1

    @pytest.mark.parametrize("number", [1, 2])
    def test_when_one_of_the_two_leaves_the_asker_knows_which(
        self, board: Switchboard, number: int
    ) -> None:
        three = trio(board)
        effects = board.leave(three[number])
        assert heard(board, three.asker)[1:] == [
            ("partner_disconnected", {"reason": "left", "stranger": number})
        ]
        assert board.read(three.asker, 0).status == "ended"
        assert [(each.sessions, each.asker) for each in effects.endings] == [
            ((three.one, three.other), three.asker),
            ((three.asker,), three.asker),
        ]
        assert board.counts().online == 0

    def test_when_one_of_the_two_does_not_come_back_the_asker_knows_which(
        self, board: Switchboard, clock: Clock
    ) -> None:
        asker, _, other = trio(board)
        board.drop(other, "a socket")
        passes(board, clock, TERMS.reconnect_grace + 1)
        assert heard(board, asker)[-1] == (
            "partner_disconnected",
            {"reason": "timeout", "stranger": 2},
        )

    def test_a_chat_that_falls_silent_ends_for_all_three(
        self, board: Switchboard, clock: Clock
    ) -> None:
        three = trio(board)
        passes(board, clock, TERMS.idle_timeout + 1)
        for session_id in three:
            assert heard(board, session_id)[-1] == ("session_ended", {"reason": "inactivity"})

    def test_a_chat_whose_asker_has_left_names_them_at_its_end(self, board: Switchboard) -> None:
        asker, one, _ = trio(board)
        board.leave(asker)
        (ending,) = board.leave(one).endings
        assert ending.asker == asker

    def test_the_asker_counts_and_nothing_remains(self, board: Switchboard, clock: Clock) -> None:
        asker, one, _ = trio(board)
        assert board.counts().online == 3
        board.leave(one)
        passes(board, clock, TERMS.ended_retention + 1)
        assert board.counts().online == 0
        assert refusal(board.read, asker, 0) == "session_not_found"

    def test_an_asker_has_no_more_sessions_than_others(self, board: Switchboard) -> None:
        for _ in range(TERMS.sessions_per_visitor):
            board.start(asks("ann"))
        assert refusal(board.start, asks("ann")) == "rate_limited"

    def test_a_server_that_stops_tells_all_three(self, clock: Clock) -> None:
        board = MemorySwitchboard(PATIENT, clock)
        three = trio(board)
        board.close()
        for session_id in three:
            assert heard(board, session_id)[-1] == ("session_ended", {"reason": "shutdown"})
