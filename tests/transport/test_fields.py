"""Header fields: read strictly, and in a time that grows with their length alone."""

from __future__ import annotations

import io

import pytest

from rendezvous.transport.fields import MOST_LINES, Fields


def fields(sent: bytes) -> Fields:
    return Fields(io.BytesIO(sent + b"\r\n"))


def test_names_have_no_case_and_values_no_space_around_them() -> None:
    read = fields(b"Host: example\r\nX-Thing: \t a b \t\r\nEmpty:\r\n")
    assert read.get("host") == read.getheader("HOST") == "example"
    assert read.get("x-thing") == "a b"
    assert read.get("Empty") == ""
    assert read.get("missing", "nothing") == "nothing"


def test_the_environ_has_them_as_cgi_names_them() -> None:
    sent = b"X-A: 1\r\nX_B: 2\r\nContent-Type: t\r\nContent-Length: 3\r\nX-A: 4\r\n"
    assert list(fields(sent).environ()) == [("HTTP_X_A", "1"), ("HTTP_X_A", "4")]


def test_what_follows_the_empty_line_is_left_unread() -> None:
    stream = io.BytesIO(b"Host: x\r\n\r\nbody")
    Fields(stream)
    assert stream.read() == b"body"


@pytest.mark.parametrize(
    "sent",
    [
        b"no colon\r\n",
        b": no name\r\n",
        b"space : before the colon\r\n",
        b" folded: line\r\n",
        b"X: a\r\n b\r\n",
        b"X: \x00\r\n",
        b"X: a\rb\r\n",
        "Gruß: ß\r\n".encode(),
        b"Host: one\r\nHost: two\r\n",
        b"Content-Length: 1\r\nContent-Length: 1\r\n",
        b"Content-Length: +1\r\n",
        b"Content-Length: 1_0\r\n",
        b"Content-Length: -1\r\n",
        b"Content-Length: \xb2\r\n",
        b"Transfer-Encoding: gzip, chunked\r\n",
        b"Transfer-Encoding: identity\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
        b"X: y\r\n" * (MOST_LINES + 1),
    ],
    ids=lambda sent: repr(sent[:60]),
)
def test_what_is_no_header_or_a_doubtful_one_is_refused(sent: bytes) -> None:
    with pytest.raises(ValueError, match=r"header|twice|length|coding|Length|Encoding"):
        fields(sent)


def test_a_header_that_breaks_off_is_refused() -> None:
    for sent in (b"", b"Host: x\r\n", b"Host: x"):
        with pytest.raises(ValueError, match="header"):
            Fields(io.BytesIO(sent))


@pytest.mark.timeout(5)
@pytest.mark.parametrize("filling", [b" ", b"\t", b"a", b":", b"a "])
def test_a_long_value_takes_no_longer_than_its_length(filling: bytes) -> None:
    """Because a pattern that goes back and forth over spaces held the process for 46 seconds."""
    with pytest.raises(ValueError, match="malformed"):
        fields(b"X: a" + filling * 1_000_000 + b"\x00\r\n")
