"""Reports as the doors file them."""

from __future__ import annotations

import struct
import zlib
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from msgspec import structs
from PIL import Image

from rendezvous.moderation.references import new_reference
from rendezvous.moderation.spool import Filed


def filed(reporter: str = "ann", target: str = "bob", days: float = 30, **more: Any) -> Filed:
    """A report by somebody whose cookie is so many `days` old, from an address of their own."""
    moment = datetime.now(UTC)
    paper = Filed(
        new_reference(),
        moment,
        "harassment",
        "",
        "text",
        reporter,
        f"1:{reporter}",
        moment - timedelta(days=days),
        target,
        f"1:{target}",
        [{"from": "stranger", "text": "boo", "at": moment.isoformat()}],
    )
    return structs.replace(paper, **more)


def picture(kind: str = "PNG", width: int = 640, height: int = 480, **how: Any) -> bytes:
    """An image file."""
    file = BytesIO()
    Image.new("RGB", (width, height), "tomato").save(file, kind, **how)
    return file.getvalue()


def _chunk(kind: bytes, data: bytes) -> bytes:
    whole = kind + data
    return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))


def png(width: int, height: int, data: bytes) -> bytes:
    """A PNG that says it is so large, whatever is in it."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = _chunk(b"IDAT", zlib.compress(data))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + packed + _chunk(b"IEND", b"")
