"""Where a request comes from: the client's address, also behind proxies that are trusted.

An address stands for whoever is counted by it. IPv6 is taken by /64, the least that anybody gets,
because a single client may use any address in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

import structlog

log = structlog.get_logger()
IPV6_PREFIX = 64
MOST_HOPS = 32  # of X-Forwarded-For that are looked at; no chain of proxies is longer


class Addresses:
    """Reads addresses; `trusted_proxies` stand in front of this server, one behind the other."""

    def __init__(self, trusted_proxies: int = 0) -> None:
        self._proxies = trusted_proxies
        self._has_warned = False

    def of(self, environ: Mapping[str, Any]) -> str:
        """The client's address in a WSGI environ, in its normal form; "" if there is no telling.

        Each proxy has appended whom it saw, so only the last entries are theirs; what stands to
        the left of them anybody may have made up, and so does who has got past the proxies.
        """
        address = normal(environ.get("REMOTE_ADDR", ""))
        if not self._proxies and "HTTP_X_FORWARDED_FOR" in environ:
            self._warn_once(address)
        for hop in reversed(self._told(environ, "HTTP_X_FORWARDED_FOR")):
            said = normal(_bare(hop))
            if not said:
                break  # "unknown", or no address at all: as far as we can see
            address = said
        return address

    def is_secure(self, environ: Mapping[str, Any]) -> bool:
        """Whether the client came by TLS, to us or to a trusted proxy."""
        told = self._told(environ, "HTTP_X_FORWARDED_PROTO")
        scheme = told[0] if told else environ.get("wsgi.url_scheme", "")
        return bool(scheme.strip().lower() in {"https", "wss"})

    def of_peer(self, host: str) -> str:
        """Whom a connection counts for before it has said anything; "" behind a proxy."""
        return "" if self._proxies else normal(host)

    def _warn_once(self, peer: str) -> None:
        """Tell an operator who has put a proxy in front, and has not said so."""
        if not self._has_warned and peer and ip_network(peer).is_private:
            self._has_warned = True
            log.warning("a proxy is not trusted: see TRUSTED_PROXIES", peer=peer)

    def _told(self, environ: Mapping[str, Any], header: str) -> list[str]:
        """What the trusted proxies have put into a header, the outermost first."""
        value = environ.get(header, "")
        if not self._proxies or not value:
            return []
        return list(value.rsplit(",", MOST_HOPS)[-self._proxies :])


@lru_cache(maxsize=4_096)
def normal(text: str) -> str:
    """An address as it is counted and compared: IPv4, or an IPv6 network; "" if it is neither."""
    try:
        address = ip_address(text.strip().partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is None:
            return str(ip_network((address, IPV6_PREFIX), strict=False))
        address = address.ipv4_mapped
    return str(address)


def _bare(hop: str) -> str:
    """An entry of X-Forwarded-For without the quotes, brackets and port that some proxies add."""
    text = hop.strip().strip('"')
    if text.startswith("["):
        return text[1:].partition("]")[0]
    if text.count(":") == 1:
        return text.partition(":")[0]
    return text
