"""The header fields of a request (RFC 9112, section 5), read strictly and in one pass.

http.client hands them to the e-mail parser, which costs as much as all the rest of a handshake.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

MOST_LINES = 100
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\x00\r\n]*?)[ \t]*\r?\n")
_ONLY_ONCE = frozenset({"content-length", "host", "transfer-encoding"})  # or smuggling is possible


class Fields:
    """Fields by lower-case name; what pywsgi asks of its `headers`."""

    status = ""  # pywsgi takes anything else for an error

    def __init__(self, stream: BinaryIO) -> None:
        """Read up to the empty line; raises ValueError for what is no header."""
        self._values: dict[str, str] = {}
        self._all: list[tuple[str, str]] = []
        for line in iter(stream.readline, b""):
            if line in (b"\r\n", b"\n"):
                return
            self._add(line)
        raise ValueError("header broken off")

    def _add(self, line: bytes) -> None:
        match = _FIELD.fullmatch(line)
        if match is None:
            raise ValueError("malformed header field")
        name, value = match[1].decode().lower(), match[2].decode("latin-1")
        if name in _ONLY_ONCE and name in self._values:
            raise ValueError(f"{name} given twice")
        if len(self._all) == MOST_LINES:
            raise ValueError("too many header fields")
        self._values.setdefault(name, value)
        self._all.append((name, value))

    def get(self, name: str, default: str | None = None) -> str | None:
        """The first field of that name."""
        return self._values.get(name.lower(), default)

    getheader = get

    @property
    def typeheader(self) -> str | None:
        return self.get("content-type")

    def __delitem__(self, name: str) -> None:
        del self._values[name.lower()]

    def environ(self) -> Iterator[tuple[str, str]]:
        """As CGI names them (RFC 3875, 4.1.18). A name with `_` could pass for one with `-`."""
        for name, value in self._all:
            if "_" not in name and name not in ("content-type", "content-length"):
                yield "HTTP_" + name.replace("-", "_").upper(), value
