"""Pictures from outside: only pixels come in."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO

import pytest
from PIL import Image

from rendezvous.moderation.screenshots import SIDE, decoded, rewritten
from rendezvous.refusals import Refused
from tests.moderation.papers import picture, png

LIMIT = 100_000


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_written_anew_as_a_jpeg(kind: str) -> None:
    with Image.open(BytesIO(rewritten(picture(kind)))) as kept:
        assert (kept.format, kept.size) == ("JPEG", (640, 480))


def test_a_large_one_is_made_smaller() -> None:
    with Image.open(BytesIO(rewritten(picture(width=3_840, height=2_160)))) as kept:
        assert max(kept.size) == SIDE


def test_what_else_is_in_the_file_is_left_out() -> None:
    exif = Image.Exif()
    exif[0x010E] = "where I live"
    data = picture("JPEG", exif=exif) + b"<script>alert(1)</script>"
    kept = rewritten(data)
    assert b"where I live" in data
    assert b"where I live" not in kept
    assert b"script" not in kept


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0" + b"x" * 1_000,
        b"RIFF\x00\x00\x00\x00WEBPVP8 ",
        png(640, 480, b""),
    ],
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(Refused, match="invalid_request"):
        rewritten(data)


def test_a_decompression_bomb_is_refused_by_its_header() -> None:
    with pytest.raises(Refused, match="too_large"):
        rewritten(png(60_000, 60_000, bytes(1_000_000)))


def test_size_counts_before_anything_is_decoded() -> None:
    with pytest.raises(Refused, match="too_large"):
        decoded("A" * LIMIT * 2, LIMIT)
    with pytest.raises(Refused, match="invalid_request"):
        decoded("not base64 !", LIMIT)


def test_a_data_url_is_understood() -> None:
    data = picture()
    assert decoded("data:image/png;base64," + b64encode(data).decode(), LIMIT) == data
    assert decoded(b64encode(data).decode(), LIMIT) == data
