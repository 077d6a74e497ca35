"""What a client puts on the wire: the opening handshake (RFC 6455) and masked text frames.

The mask repeats one byte, so that a piece of text masks the same wherever it stands in a frame:
frames are glued from pieces masked beforehand. It isn't zero because servers skip a zero mask.
"""

from __future__ import annotations

MASK_BYTE = 0x5A
MASK = bytes([MASK_BYTE]) * 4
MASK_TABLE = bytes(each ^ MASK_BYTE for each in range(256))

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA
FIN = 0x80

Packet = tuple[int, bytes]


def masked(payload: bytes) -> bytes:
    return payload.translate(MASK_TABLE)


HEADER_CACHE_SIZE = 4096


def frame_header(size: int, opcode: int = TEXT) -> bytes:
    """Return the header, mask included, of a client's frame with `size` bytes of payload."""
    first = FIN | opcode
    if size < 126:
        return bytes((first, 0x80 | size)) + MASK
    return bytes((first, 0x80 | 126)) + size.to_bytes(2, "big") + MASK


def frame(payload: bytes, opcode: int = TEXT) -> bytes:
    return frame_header(len(payload), opcode) + masked(payload)


HEADERS = [frame_header(size) for size in range(HEADER_CACHE_SIZE)]
CLOSE_FRAME = frame((1000).to_bytes(2, "big"), CLOSE)
ENGINE_PONG = frame(b"3")
CONNECT = frame(b"40")
DISCONNECT = frame(b"41")


def opening_handshake(host: str, port: int) -> bytes:
    """All of it but the address that a proxy has seen, and the empty line."""
    # The headers are a browser's, but no compression is offered: who accepts it differs by server.
    return (
        f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n"
        f"Host: {host}:{port}\r\n"
        "Connection: Upgrade\r\n"
        "Upgrade: websocket\r\n"
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n"
        "Accept: */*\r\n"
        "Accept-Language: en-US,en;q=0.5\r\n"
        "Accept-Encoding: gzip, deflate, br, zstd\r\n"
        "Sec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        "Pragma: no-cache\r\n"
        "Cache-Control: no-cache\r\n"
    ).encode()


def from_address(number: int) -> bytes:
    """The end of a handshake, as a proxy forwards it from the client at address `number`."""
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    return f"X-Forwarded-For: {address}\r\n\r\n".encode()


def is_short_text(data: bytes) -> bool:
    """Tell whether `data` is just one frame, the most frequent kind: text of up to 125 bytes."""
    return len(data) > 1 and data[0] == FIN | TEXT and data[1] == len(data) - 2 < 126


def split_frames(data: bytes) -> tuple[list[Packet], bytes]:
    """Return the whole frames in `data` as (first byte, payload), and what is left of another."""
    packets: list[Packet] = []
    position, size = 0, len(data)
    while size - position >= 2:
        length = data[position + 1]
        start = position + 2
        if length >= 126:
            width = 2 if length == 126 else 8
            start += width
            if start > size:
                break
            length = int.from_bytes(data[start - width : start], "big")
        end = start + length
        if end > size:
            break
        packets.append((data[position], data[start:end]))
        position = end
    return packets, data[position:]
