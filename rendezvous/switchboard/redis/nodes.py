"""Where the keys of a tag are: the one Redis that a URL names, or a node of a cluster."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from redis import ConnectionPool, RedisCluster
from redis.backoff import NoBackoff
from redis.cluster import ClusterNode
from redis.connection import ConnectionInterface, parse_url
from redis.retry import Retry

TIMEOUT = 0.8  # s; for connecting, and for each answer until the connection is in use
CLUSTER = ("redis+cluster", "rediss+cluster")
SINGLE = ("redis", "rediss", "unix")

Connect = Callable[[str], ConnectionInterface]


def connecting(url: str) -> Connect:
    """What makes a connection, not yet connected, to the node that has the keys of a tag.

    Raises ValueError, without the URL, for one that cannot be meant.
    """
    scheme, _, rest = url.partition("://")
    if scheme in CLUSTER:
        return _Cluster(scheme.removesuffix("+cluster"), rest).connection
    if scheme not in SINGLE:
        raise ValueError("want redis://, rediss://, unix:// or redis+cluster://")
    _check(url)
    pool = ConnectionPool.from_url(url, **_options())
    # Not its make_connection, which counts every attempt and after a hundred makes none any more.
    return lambda _tag: pool.connection_class(**pool.connection_kwargs)


def shares_one_line(url: str) -> bool:
    """Whether all tags are on one node."""
    return url.partition("://")[0] not in CLUSTER


def _check(url: str) -> None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # which urlsplit looks at only when it is asked for
        parse_url(url)
    except ValueError:
        raise ValueError("its host, port or options cannot be read") from None
    if parts.scheme == "unix" and not parts.path:
        raise ValueError("unix:// needs the path of a socket")
    if parts.scheme != "unix" and not parts.hostname:
        raise ValueError("it names no host")


def _options() -> dict[str, Any]:
    return {
        "protocol": 2,
        "socket_timeout": TIMEOUT,
        "socket_connect_timeout": TIMEOUT,
        "retry": Retry(NoBackoff(), 0),
        "health_check_interval": 0,
    }


class _Cluster:
    """`hosts` may be several, separated by commas; nodes seen since are asked as well."""

    def __init__(self, scheme: str, rest: str) -> None:
        authority, slash, path = rest.partition("/")
        credentials, at, hosts = authority.rpartition("@")
        urls = [f"{scheme}://{credentials}{at}{host}{slash}{path}" for host in hosts.split(",")]
        for url in urls:
            _check(url)
        self._known = [
            ClusterNode(parsed.hostname or "", parsed.port or 6379)
            for parsed in map(urlsplit, urls)
        ]
        self._options = {
            name: value
            for name, value in parse_url(urls[0]).items()
            if name not in ("host", "port", "db", "connection_class")
        }
        self._options["ssl"] = scheme == "rediss"

    def connection(self, tag: str) -> ConnectionInterface:
        """Ask the cluster anew, because whoever asks has just lost a node."""
        cluster = RedisCluster(
            startup_nodes=self._known,
            require_full_coverage=False,
            **{**_options(), **self._options},
        )
        try:
            node = cluster.get_node_from_key(tag)
            if node is None:
                raise ConnectionError("no node has these keys now")
            pool: Any = cluster.get_redis_connection(node).connection_pool
            self._known = [ClusterNode(each.host, each.port) for each in cluster.get_nodes()]
            connection: ConnectionInterface = pool.make_connection()
        finally:
            cluster.close()
        return connection
