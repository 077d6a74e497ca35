"""What every switchboard promises to who is sent something, also while they are away."""

from __future__ import annotations

import json

from rendezvous.refusals import Refused
from rendezvous.switchboard import Switchboard

from .conftest import TERMS, Clock
from .sessions import TEXT, facts, names, pair, post, refusal


class TestInbox:
    def test_numbers_begin_at_one_and_have_no_holes(self, board: Switchboard) -> None:
        one, other = pair(board)
        for text in "abc":
            post(board, one, text)
        view = board.read(other, 0)
        assert [event.seq for event in view.events] == [1, 2, 3, 4]
        assert view.last_seq == 4
        assert not view.gap

    def test_what_the_client_has_is_not_sent_again(self, board: Switchboard) -> None:
        one, other = pair(board)
        post(board, one, "a")
        last = board.read(other, 0).last_seq
        post(board, one, "b")
        assert [event.seq for event in board.read(other, last).events] == [last + 1]

    def test_the_sender_learns_the_number_in_the_partners_inbox(self, board: Switchboard) -> None:
        one, other = pair(board)
        assert post(board, one, "a") == board.read(other, 0).last_seq

    def test_the_same_client_id_again_delivers_nothing(self, board: Switchboard) -> None:
        one, other = pair(board)
        first = board.post(one, "new_message", b'"text":"a"', "first id", "c1")
        again = board.post(one, "new_message", b'"text":"a"', "second id", "c1")
        assert (again.message_id, again.seq) == (first.message_id, first.seq)
        assert not again.effects.deliveries
        assert board.read(other, 0).last_seq == first.seq

    def test_the_same_client_id_gets_its_answer_even_after_the_end(
        self, board: Switchboard
    ) -> None:
        one, other = pair(board)
        seq = post(board, one, "a", "c1")
        board.leave(other)
        assert post(board, one, "a", "c1") == seq

    def test_a_client_id_belongs_to_its_sender(self, board: Switchboard) -> None:
        one, other = pair(board)
        post(board, one, "a", "c1")
        post(board, other, "b", "c1")
        assert board.read(one, 0).last_seq == 2

    def test_a_full_inbox_of_somebody_away_refuses_rather_than_loses(
        self, board: Switchboard
    ) -> None:
        one, other = pair(board)
        board.drop(other, "socket 2")
        accepted = 0
        for text in map(str, range(TERMS.inbox_events + 5)):
            try:
                post(board, one, text)
            except Refused as refused:
                assert refused.code == "inbox_full"  # noqa: PT017 - the others must pass
                break
            accepted += 1
        assert 0 < accepted <= TERMS.inbox_events
        view = board.join(other, 0, "socket 3")
        assert [event.name for event in view.events].count("new_message") == accepted
        assert not view.gap

    def test_an_inbox_is_bounded_in_bytes_too(self, board: Switchboard) -> None:
        one, other = pair(board)
        board.drop(other, "socket 2")
        post(board, one, "x" * (TERMS.inbox_bytes - 500))
        assert refusal(post, board, one, "y" * 600) == "inbox_full"

    def test_a_full_inbox_makes_room_again_when_the_client_has_read(
        self, board: Switchboard
    ) -> None:
        one = board.start(TEXT).session_id
        other = board.start(TEXT).session_id
        for _ in range(3):
            while True:
                try:
                    post(board, one, "x")
                except Refused:
                    break
            last = board.read(other, 0).last_seq
            assert board.read(other, last).events == []
        assert last > 2 * TERMS.inbox_events - 2

    def test_who_has_a_socket_is_sent_more_than_is_kept_and_told_of_the_gap_if_behind(
        self, board: Switchboard
    ) -> None:
        one, other = pair(board)
        for text in map(str, range(3 * TERMS.inbox_events)):
            post(board, one, text)
        assert board.join(other, 0, "socket 3").gap
        last = board.read(other, 0).last_seq
        assert not board.join(other, last - 1, "socket 4").gap

    def test_a_number_from_the_future_is_a_gap_and_loses_nothing(self, board: Switchboard) -> None:
        _, other = pair(board)
        assert board.read(other, 99).gap
        assert [event.name for event in board.read(other, 0).events] == ["matched"]


class TestReconnecting:
    def test_the_partner_sees_who_drops_and_who_returns(self, board: Switchboard) -> None:
        one, other = pair(board)
        assert names(board.drop(one, "socket 1"), other) == ["partner_reconnecting"]
        assert names(board.join(one, 1, "socket 3").effects, other) == ["partner_reconnected"]

    def test_what_was_missed_waits_in_order(self, board: Switchboard) -> None:
        one, other = pair(board)
        board.drop(other, "socket 2")
        for text in "abc":
            post(board, one, text)
        view = board.join(other, 1, "socket 3")
        texts = [json.loads(b"{" + event.members + b"}")["text"] for event in view.events]
        assert texts == ["a", "b", "c"]

    def test_who_does_not_return_ends_the_chat_for_the_partner(
        self, board: Switchboard, clock: Clock
    ) -> None:
        one, other = pair(board)
        board.drop(one, "socket 1")
        clock.pass_by(TERMS.reconnect_grace - 1)
        assert not board.sweep().deliveries
        clock.pass_by(2)
        assert names(board.sweep(), other) == ["partner_disconnected"]
        assert facts(board.read(other, 0), "partner_disconnected") == {"reason": "timeout"}
        assert board.read(one, 0).status == "ended"

    def test_an_old_socket_that_closes_late_takes_nothing_with_it(
        self, board: Switchboard, clock: Clock
    ) -> None:
        one, _ = pair(board)
        board.join(one, 0, "socket 3")
        assert not board.drop(one, "socket 1").deliveries
        clock.pass_by(TERMS.reconnect_grace + 1)
        board.sweep()
        assert board.read(one, 0).status == "matched"

    def test_a_client_that_calls_instead_is_back_as_well(
        self, board: Switchboard, clock: Clock
    ) -> None:
        one, other = pair(board)
        board.drop(one, "socket 1")
        assert names(board.read(one, 0).effects, other) == ["partner_reconnected"]
        clock.pass_by(TERMS.reconnect_grace + 1)
        board.sweep()
        assert board.read(one, 0).status == "matched"

    def test_a_session_without_a_socket_lives_as_long_as_its_client_calls(
        self, board: Switchboard, clock: Clock
    ) -> None:
        one, other = board.start(TEXT).session_id, board.start(TEXT, "socket").session_id
        for _ in range(5):
            clock.pass_by(TERMS.lease - 1)
            board.sweep()
            post(board, one, "still here")
        clock.pass_by(TERMS.lease + 1)
        assert names(board.sweep(), other) == ["partner_disconnected"]
