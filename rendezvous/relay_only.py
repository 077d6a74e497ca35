"""Takes the addresses out of a signal, so that two who call through a relay never learn them.

Nothing is trusted to be where WebRTC puts it: every text of a signal is gone through, names of
members too. A relay's candidate stays, rebuilt from its parts; every other candidate goes; and what
is left keeps nothing that reads as an address. Texts that are encoded otherwise than as JSON are
not looked into.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Any, Final

import msgspec

from rendezvous.protocol.requests import nests_too_deep

NO_IPV4, NO_IPV6 = "0.0.0.0", "::"  # noqa: S104 - what SDP says where there is no address
MAX_TEXTS = 4  # JSON in a text in JSON, and so on; clients in the wild have one

BREAK = re.compile(r"([\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+)")
CANDIDATE = re.compile(r"\s*(?:a\s*=\s*)?candidate\s*:", re.IGNORECASE)
RELAYED = re.compile(  # RFC 8839, section 5.1
    r"(a=)?candidate:([A-Za-z0-9+/]{1,32} [0-9]{1,3} [A-Za-z0-9-]{1,16} [0-9]{1,10}) "
    r"([0-9A-Fa-f.:]{2,45}) ([0-9]{1,5}) typ relay((?: [^ ]+ [^ ]+)*) *",
    re.IGNORECASE,
)
HARMLESS = re.compile(r" (?:generation|ufrag|tcptype) [A-Za-z0-9+/]{1,256}(?= |$)", re.IGNORECASE)
# RFC 8866, section 5.7, as in c=, o= and a=rtcp: lines, where a name may stand for the address.
CONNECTION = re.compile(r"\b(IN\s+IP([46])\s+)[^\s\"\\]+", re.IGNORECASE)
NAME = re.compile(r"[\w.-]+")
MULTICAST_DNS = re.compile(r"\.local(?![\w-])", re.IGNORECASE)  # RFC 6762
HEXADECIMAL = re.compile(r"[0-9A-Fa-f:.]+")
FINGERPRINT = re.compile(r"[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){15,63}")  # RFC 8122, MD5 to SHA-512
FOUR_NUMBERS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")


class _Nothing:
    """The type of NOTHING: what is left of a candidate that the stranger may not have."""


NOTHING: Final = _Nothing()


def without_addresses(signal: bytes) -> bytes | None:
    """A signal as the stranger may have it, or None if an address was all there was to it."""
    cleaned = _cleaned(msgspec.json.decode(signal), 0)
    return None if cleaned is NOTHING else msgspec.json.encode(cleaned)


def _cleaned(value: Any, texts: int) -> Any:
    """A JSON value without addresses, or NOTHING; it lies inside of so many `texts`."""
    if isinstance(value, str):
        return _text(value, texts)
    if isinstance(value, list):
        return [each for item in value if (each := _cleaned(item, texts)) is not NOTHING]
    if isinstance(value, dict):
        return _object(value, texts)
    return value


def _object(members: dict[str, Any], texts: int) -> Any:
    """Without the candidate there is nothing to {"candidate": "candidate:…", "sdpMid": "0"}."""
    cleaned = {_redacted(name): _cleaned(value, texts) for name, value in members.items()}
    left = {name: value for name, value in cleaned.items() if value is not NOTHING}
    if len(left) < len(cleaned) and not any(map(_matters, left.values())):
        return NOTHING
    return left


def _matters(value: Any) -> bool:
    """Whether a cleaned value holds a description or a candidate."""
    if isinstance(value, str):
        return "v=0" in value or "candidate:" in value
    if isinstance(value, dict):
        return any(map(_matters, value.values()))
    return isinstance(value, list) and any(map(_matters, value))


def _text(text: str, texts: int) -> Any:
    if text.lstrip()[:1] not in ("{", "[", '"'):
        return _lines(text)
    try:
        value = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        readable = False
    else:
        readable = texts < MAX_TEXTS and not nests_too_deep(text.encode(), value)
    if not readable:
        # An escape that we do not undo may hide anything.
        return "" if "\\" in text else _lines(text)
    cleaned = _cleaned(value, texts + 1)
    return NOTHING if cleaned is NOTHING else msgspec.json.encode(cleaned).decode()


def _lines(text: str) -> Any:
    """SDP, a candidate, or anything else, line by line; line ends stay as they are."""
    parts = BREAK.split(text)
    lines = [_line(line) for line in parts[::2]]
    ends = [*parts[1::2], ""]
    left = [line + end for line, end in zip(lines, ends, strict=True) if line is not None]
    return NOTHING if None in lines and not "".join(left).strip() else "".join(left)


def _line(line: str) -> str | None:
    """A line without addresses; None for a candidate that is not a relay's."""
    return _relay_candidate(line) if CANDIDATE.match(line) else _redacted(line)


def _relay_candidate(line: str) -> str | None:
    """The candidate without what it says of the client behind the relay."""
    found = RELAYED.fullmatch(line)
    if found is None:
        return None
    a, head, address, port, rest = found.groups("")
    try:
        related = NO_IPV4 if ip_address(address).version == 4 else NO_IPV6
    except ValueError:
        return None
    harmless = "".join(HARMLESS.findall(rest))
    return f"{a}candidate:{head} {address} {port} typ relay raddr {related} rport 0{harmless}"


def _redacted(text: str) -> str:
    """A text in which every address, and every name of a machine, reads as none."""
    text = CONNECTION.sub(lambda found: found[1] + (NO_IPV4, NO_IPV6)[found[2] == "6"], text)
    text = NAME.sub(_not_multicast_dns, text)
    text = HEXADECIMAL.sub(_not_ipv6, text)
    return FOUR_NUMBERS.sub(NO_IPV4, text)


def _not_multicast_dns(found: re.Match[str]) -> str:
    return NO_IPV4 if MULTICAST_DNS.search(found[0]) else found[0]


def _not_ipv6(found: re.Match[str]) -> str:
    """Six colons are the fewest of an address without `::`, whose last part is an IPv4 one."""
    run = found[0]
    if ("::" not in run and run.count(":") < 6) or FINGERPRINT.fullmatch(run):
        return run
    return NO_IPV6
