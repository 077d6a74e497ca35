"""The clients of one test: made here, and taken away with all that they have begun."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any, Self

import requests

from tests.harness.clients import TIMEOUT, RestClient, SocketClient, wait_for
from tests.harness.logs import Watch
from tests.harness.raw import RawSocket
from tests.harness.servers import Server


class Guests:
    """Makes clients of `server`; at the end sees that nobody stays, and that the log is calm."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.log = Watch(server)
        self.sockets: list[SocketClient | RawSocket] = []
        self.rests: list[RestClient] = []

    def socket(self, transports: list[str] | None = None) -> SocketClient:
        """Connect a Socket.IO client, over a WebSocket unless told otherwise."""
        client = SocketClient(self.server.url, self.server.schemas, transports)
        self.sockets.append(client)
        return client

    def raw(self, **how: Any) -> RawSocket:
        """Connect a client that says what it is told to say."""
        client = RawSocket(self.server.url, **how)
        self.sockets.append(client)
        return client

    def rest(self, **how: Any) -> RestClient:
        """Make a plain HTTP client."""
        client = RestClient(self.server.url, self.server.schemas, **how)
        self.rests.append(client)
        return client

    def pair(self, chat_type: str = "text") -> tuple[SocketClient, SocketClient]:
        """Two who have met over sockets and have heard of it."""
        one, other = self.socket(), self.socket()
        assert one.start(chat_type)["status"] == "waiting"
        assert other.start(chat_type)["status"] == "matched"
        one.expect("matched")
        other.expect("matched")
        return one, other

    def rest_pair(self, chat_type: str = "text") -> tuple[RestClient, RestClient]:
        """Two who have met over REST and have heard of it."""
        one, other = self.rest(), self.rest()
        assert one.start(chat_type)["status"] == "waiting"
        assert other.start(chat_type)["status"] == "matched"
        for client in (one, other):
            assert [event["event"] for event in client.receive()["events"]] == ["matched"]
        return one, other

    def sessions(self) -> list[str]:
        """The sessions that these clients have started."""
        clients = (*self.sockets, *self.rests)
        return [session_id for client in clients for session_id in client.sessions]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with ExitStack() as stack:  # so that what goes wrong with one does not keep the others
            for client in self.sockets:
                stack.callback(client.disconnect)
            for rest in self.rests:
                stack.callback(rest.close)
        for session_id in self.sessions():
            body = {"session_id": session_id}
            requests.post(f"{self.server.url}/disconnect", json=body, timeout=TIMEOUT)
        wait_for(lambda: not self.server.health()["online"], "everybody's end")
        sids = [sid for client in self.sockets for sid in client.sids]
        self.log.must_be_calm(secrets=self.sessions() + sids)
