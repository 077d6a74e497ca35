"""A TURN client that asks for what no library would: relays of either family, to anywhere.

It is as far as RFC 8656 goes for a single UDP allocation; messages are aioice's.
"""

from __future__ import annotations

import socket
from typing import Any, Self

from aioice.stun import (
    ATTRIBUTES_BY_NAME,
    Class,
    Message,
    Method,
    pack_unsigned,
    parse_message,
    unpack_unsigned,
)
from aioice.turn import make_integrity_key

TIMEOUT = 5.0
UDP = 0x11000000
FAMILIES = {4: 0x01000000, 6: 0x02000000}
FAMILY = "REQUESTED-ADDRESS-FAMILY"  # RFC 8656, 18.6, which aioice does not know
ATTRIBUTES_BY_NAME.setdefault(FAMILY, (0x0017, FAMILY, pack_unsigned, unpack_unsigned))


class Denied(Exception):
    """The server said no; `code` is that of RFC 8656."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


class Relay:
    """An allocation at `port` of loopback, of IPv4 or IPv6. Raises Denied."""

    def __init__(self, port: int, username: str, credential: str, family: int = 4) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.settimeout(TIMEOUT)
        self._socket.connect(("127.0.0.1", port))
        self._signed: dict[str, Any] = {}
        self._key = b""
        self._channel = 0x4000
        try:
            self._allocate(username, credential, family)
        except Denied:
            self._socket.close()
            raise

    def _allocate(self, username: str, credential: str, family: int) -> None:
        request = {"REQUESTED-TRANSPORT": UDP, FAMILY: FAMILIES[family]}
        challenge = self._ask(Method.ALLOCATE, request)
        self._signed = {
            "USERNAME": username,
            **{name: challenge.attributes[name] for name in ("REALM", "NONCE")},
        }
        self._key = make_integrity_key(username, challenge.attributes["REALM"], credential)
        self._check(self._ask(Method.ALLOCATE, request))

    def permit(self, peer: str) -> None:
        """CreatePermission."""
        self._check(self._ask(Method.CREATE_PERMISSION, {"XOR-PEER-ADDRESS": (peer, 0)}))

    def bind(self, peer: str) -> None:
        """ChannelBind, which permits as well."""
        self._channel += 1
        request = {"CHANNEL-NUMBER": self._channel, "XOR-PEER-ADDRESS": (peer, 5_000)}
        self._check(self._ask(Method.CHANNEL_BIND, request))

    def _ask(self, method: Method, attributes: dict[str, Any]) -> Message:
        request = Message(method, Class.REQUEST, attributes={**attributes, **self._signed})
        if self._key:
            request.add_message_integrity(self._key)
        self._socket.send(bytes(request))
        while True:
            answer = parse_message(self._socket.recv(2_048))
            if answer.transaction_id == request.transaction_id:
                return answer

    def _check(self, answer: Message) -> None:
        if answer.message_class is Class.ERROR:
            raise Denied(answer.attributes["ERROR-CODE"][0])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ask(Method.REFRESH, {"LIFETIME": 0})
        self._socket.close()
