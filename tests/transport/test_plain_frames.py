"""The short cut for plain text frames says what the rules would say, or leaves it to them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode
from websockets.protocol import CLIENT, SERVER, Protocol

from rendezvous.transport.frames import (
    binary_frame,
    plain_close,
    plain_text,
    text_frame,
    wire_length,
)
from tests.transport.peers import CLOSE, TEXT, frame

MOST = 1_000
payloads = st.one_of(
    st.binary(max_size=200), st.sampled_from([0, 125, 126, 999, 1_000, 1_001]).map(bytes)
)


@given(payloads, st.binary(min_size=4, max_size=4), st.binary(max_size=20), st.binary(max_size=5))
def test_a_whole_text_frame_is_read_as_the_rules_read_it(
    payload: bytes, mask: bytes, after: bytes, before: bytes
) -> None:
    sent = frame(TEXT, payload, mask=mask)
    found = plain_text(before + sent + after, len(before), MOST)
    if len(payload) > MOST:
        assert found is None
    else:
        assert found == (payload, len(before) + len(sent))


@given(payloads, st.data())
def test_part_of_a_frame_is_left_alone(payload: bytes, data: st.DataObject) -> None:
    sent = frame(TEXT, payload)
    end = data.draw(st.integers(0, len(sent) - 1))
    assert plain_text(sent[:end], 0, MOST) is None


@given(st.binary(max_size=300))
def test_whatever_comes_the_short_cut_and_the_rules_agree(sent: bytes) -> None:
    found = plain_text(sent, 0, MOST)
    rules = Protocol(SERVER, max_size=MOST)
    rules.receive_data(sent)
    frames = [event for event in rules.events_received() if isinstance(event, Frame)]
    if found is not None:
        payload, end = found
        assert (frames[0].opcode, bytes(frames[0].data), frames[0].fin) == (
            Opcode.TEXT,
            payload,
            True,
        )
        assert end == wire_length(frames[0])


@given(st.binary(max_size=4) | st.sampled_from([b"\x03\xe8", b"\x03\xe9", b"\x03\xe8bye"]))
def test_an_orderly_close_is_answered_as_the_rules_answer_it(payload: bytes) -> None:
    sent = frame(CLOSE, payload)
    answer = plain_close(b"before" + sent, len(b"before"))
    rules = Protocol(SERVER)
    rules.receive_data(sent)
    assert answer in (None, rules.data_to_send()[0])
    assert (answer is not None) == (payload in (b"", b"\x03\xe8", b"\x03\xe9"))
    assert plain_close(sent + b"x", 0) is None
    assert plain_close(sent[:-1], 0) is None


@given(st.binary(max_size=300) | st.sampled_from([125, 126, 65_535, 65_536]).map(bytes))
def test_what_is_written_is_what_a_client_reads(payload: bytes) -> None:
    rules = Protocol(CLIENT)
    rules.receive_data(text_frame(payload) + binary_frame(payload))
    text, binary = (event for event in rules.events_received() if isinstance(event, Frame))
    assert (text.opcode, bytes(text.data), text.fin) == (Opcode.TEXT, payload, True)
    assert (binary.opcode, bytes(binary.data), binary.fin) == (Opcode.BINARY, payload, True)


@given(st.integers(0, 70_000), st.booleans())
def test_the_length_on_the_wire_is_known(length: int, fin: bool) -> None:
    sent = frame(TEXT, bytes(length), fin=fin)
    assert wire_length(Frame(Opcode.TEXT, bytes(length), fin)) == len(sent)
