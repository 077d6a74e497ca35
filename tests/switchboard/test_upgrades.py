"""What every switchboard promises of text chats that grow into video chats."""

from __future__ import annotations

import pytest

from rendezvous.refusals import Refused
from rendezvous.switchboard import Switchboard
from rendezvous.switchboard.results import Effects

from .conftest import TERMS, Clock
from .sessions import TEXT, VIDEO, facts, names, pair, post, refusal

AGAIN = TERMS.upgrade_again_after


def upgraded(board: Switchboard) -> tuple[str, str]:
    """Two who have gone on by video; the first has asked."""
    one, other = pair(board)
    board.request_upgrade(one)
    board.answer_upgrade(other, accept=True)
    return one, other


def signal(board: Switchboard, session_id: str) -> int:
    return board.post(session_id, "webrtc_signal", b'"signal":{}').seq


class TestConsent:
    def test_asking_changes_nothing_but_is_told(self, board: Switchboard) -> None:
        one, other = pair(board)
        effects = board.request_upgrade(one)
        assert names(effects, other) == ["upgrade_requested"]
        assert names(effects, one) == []
        assert facts(board.read(other, 0), "upgrade_requested") == {"ttl": AGAIN}
        assert {board.read(each, 0).chat_type for each in (one, other)} == {"text"}
        assert board.counts().chats == {"text": 1, "video": 0}

    def test_with_a_yes_it_is_a_video_chat_for_both(self, board: Switchboard, clock: Clock) -> None:
        one, other = pair(board)
        board.request_upgrade(one)
        clock.pass_by(5)
        effects = board.answer_upgrade(other, accept=True)
        assert names(effects, one) == names(effects, other) == ["upgraded"]
        (upgrade,) = effects.upgrades
        assert upgrade.sessions == (one, other)
        assert upgrade.seconds == pytest.approx(5, abs=0.01)
        for each in (one, other):
            view = board.read(each, 0)
            assert (view.chat_type, view.status) == ("video", "matched")
            assert facts(view, "upgraded") == {
                "chat_type": "video",
                "is_initiator": each == one,
            }
        assert board.counts().chats == {"text": 0, "video": 1}
        assert board.counts().online == 2

    @pytest.mark.parametrize("asker", [0, 1])
    def test_who_has_asked_makes_the_offer(self, board: Switchboard, asker: int) -> None:
        both = pair(board)
        board.request_upgrade(both[asker])
        board.answer_upgrade(both[1 - asker], accept=True)
        assert board.read(both[asker], 0).is_initiator
        assert not board.read(both[1 - asker], 0).is_initiator

    def test_two_who_ask_agree_and_the_first_makes_the_offer(self, board: Switchboard) -> None:
        one, other = pair(board)
        board.request_upgrade(one)
        effects = board.request_upgrade(other)
        assert [upgrade.sessions for upgrade in effects.upgrades] == [(one, other)]
        assert board.read(one, 0).is_initiator

    def test_who_comes_back_is_told_what_the_chat_is_now(self, board: Switchboard) -> None:
        one, other = pair(board)
        board.drop(other, "socket 2")
        board.request_upgrade(one)
        view = board.join(other, 0, "socket 3")
        assert [event.name for event in view.events][-1] == "upgrade_requested"
        board.answer_upgrade(other, accept=True)
        board.drop(one, "socket 1")
        assert board.join(one, 0, "socket 4").chat_type == "video"

    def test_who_answers_without_a_socket_is_back(self, board: Switchboard) -> None:
        one, other = pair(board)
        board.request_upgrade(one)
        board.drop(other, "socket 2")
        effects = board.answer_upgrade(other, accept=True)
        assert names(effects, one) == ["partner_reconnected", "upgraded"]


class TestRefusals:
    def test_a_no_is_told_and_nobody_is_asked_again_for_a_while(
        self, board: Switchboard, clock: Clock
    ) -> None:
        one, other = pair(board)
        board.request_upgrade(one)
        effects = board.answer_upgrade(other, accept=False)
        assert names(effects, one) == ["upgrade_declined"]
        assert facts(board.read(one, 0), "upgrade_declined") == {"retry_after": AGAIN}
        assert refusal(board.request_upgrade, one) == "already_asked"
        assert board.read(one, 0).chat_type == "text"
        clock.pass_by(AGAIN)
        assert names(board.request_upgrade(one), other) == ["upgrade_requested"]

    def test_who_has_said_no_may_ask(self, board: Switchboard) -> None:
        one, other = pair(board)
        board.request_upgrade(one)
        board.answer_upgrade(other, accept=False)
        assert names(board.request_upgrade(other), one) == ["upgrade_requested"]
        assert board.answer_upgrade(one, accept=True).upgrades

    def test_one_question_at_a_time_and_it_says_when_again(
        self, board: Switchboard, clock: Clock
    ) -> None:
        one, _ = pair(board)
        board.request_upgrade(one)
        clock.pass_by(AGAIN - 10)
        with pytest.raises(Refused) as caught:
            board.request_upgrade(one)
        assert (caught.value.code, caught.value.retry_after) == ("already_asked", 10)

    def test_what_nobody_has_answered_lapses(self, board: Switchboard, clock: Clock) -> None:
        one, other = pair(board)
        board.request_upgrade(one)
        clock.pass_by(AGAIN)
        assert refusal(lambda: board.answer_upgrade(other, accept=True)) == "nothing_asked"
        assert names(board.request_upgrade(one), other) == ["upgrade_requested"]
        assert board.answer_upgrade(other, accept=True).upgrades

    @pytest.mark.parametrize("accept", [True, False])
    def test_nobody_answers_what_was_not_asked(self, board: Switchboard, accept: bool) -> None:
        one, other = pair(board)
        assert refusal(lambda: board.answer_upgrade(one, accept=accept)) == "nothing_asked"
        board.request_upgrade(one)
        assert refusal(lambda: board.answer_upgrade(one, accept=accept)) == "nothing_asked"
        board.answer_upgrade(other, accept=False)
        assert refusal(lambda: board.answer_upgrade(other, accept=accept)) == "nothing_asked"

    def test_a_video_chat_has_nothing_to_grow_into(self, board: Switchboard) -> None:
        one, other = upgraded(board)
        board.start(VIDEO)
        third = board.start(VIDEO).session_id
        for each in (one, other, third):
            assert refusal(board.request_upgrade, each) == "already_video"
            assert refusal(lambda: board.answer_upgrade(each, accept=True)) == "already_video"  # noqa: B023

    def test_it_takes_two_and_a_chat(self, board: Switchboard) -> None:
        alone = board.start(TEXT).session_id
        assert refusal(board.request_upgrade, alone) == "not_matched"
        board.leave(alone)
        one, other = pair(board)
        board.request_upgrade(one)
        board.leave(one)
        assert refusal(lambda: board.answer_upgrade(other, accept=True)) == "session_ended"
        assert refusal(board.request_upgrade, other) == "session_ended"
        assert refusal(board.request_upgrade, "nobody") == "session_not_found"


class TestAfterwards:
    def test_signals_pass_as_they_did_before(self, board: Switchboard) -> None:
        one, other = pair(board)
        assert (signal(board, one), signal(board, other)) == (2, 2)
        board.request_upgrade(one)
        board.answer_upgrade(other, accept=True)
        assert (signal(board, one), signal(board, other)) == (5, 4)
        assert names(board.whisper(one, "webrtc_signal", b""), other) == ["webrtc_signal"]

    def test_it_ends_as_a_video_chat(self, board: Switchboard) -> None:
        one, other = upgraded(board)
        (ending,) = board.leave(other).endings
        assert (ending.sessions, ending.chat_type) == ((one, other), "video")
        assert board.counts().chats == {"text": 0, "video": 0}
        assert board.read(one, 0).chat_type == "video"

    def test_it_does_not_end_of_silence(self, board: Switchboard, clock: Clock) -> None:
        one, _ = upgraded(board)
        clock.pass_by(TERMS.idle_timeout + 1)
        assert board.sweep() == Effects()
        assert post(board, one, "still here") == 4

    def test_a_question_keeps_no_chat_alive(self, board: Switchboard, clock: Clock) -> None:
        one, other = pair(board)
        clock.pass_by(TERMS.idle_timeout - 1)
        board.request_upgrade(one)
        clock.pass_by(2)
        assert names(board.sweep(), other) == ["session_ended"]
