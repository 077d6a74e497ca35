"""Clients as strangers would write them: python-socketio's, and plain HTTP.

Whatever the server says to them is checked against its own documents on the way.
"""

from __future__ import annotations

import logging
import queue
import socket
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self

import engineio
import requests
import socketio
from jsonschema import Draft202012Validator

TIMEOUT = 20.0  # s; for what takes milliseconds, on a machine with other things to do
# What the libraries would print of connections that tests break on purpose.
QUIET = logging.getLogger("tests.quiet")
QUIET.disabled = True
Json = dict[str, Any]


class Schemas:
    """The server's own description of what it sends, fetched from it."""

    def __init__(self, url: str) -> None:
        self._asyncapi = requests.get(f"{url}/asyncapi.json", timeout=TIMEOUT).json()
        self._openapi = requests.get(f"{url}/openapi.json", timeout=TIMEOUT).json()

    def check_message(self, name: str, data: object) -> None:
        """Raise if `data` is not what the AsyncAPI document says of the message `name`."""
        payload = self._asyncapi["components"]["messages"][name]["payload"]
        Draft202012Validator({**payload, "components": self._asyncapi["components"]}).validate(data)

    def check_answer(self, path: str, response: requests.Response) -> None:
        """Raise if a response is not what the OpenAPI document says of this call and status."""
        method = str(response.request.method).lower()
        answers = self._openapi["paths"][path][method]["responses"]
        schema = answers[str(response.status_code)]["content"]["application/json"]["schema"]
        whole = {**schema, "components": self._openapi["components"]}
        Draft202012Validator(whole).validate(response.json())


class InOrder(engineio.Client):  # type: ignore[misc]  # because engineio has no types
    """Hands messages on in their order; the stock client starts a thread for each of them."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.in_order = ThreadPoolExecutor(max_workers=1)

    def _trigger_event(self, event: str, *arguments: Any, **how: Any) -> Any:
        if how.pop("run_async", False):  # private, but nothing public decides on the thread
            return self.in_order.submit(self.handlers[event], *arguments)
        return super()._trigger_event(event, *arguments, **how)


class InOrderClient(socketio.Client):  # type: ignore[misc]  # because socketio has no types
    """python-socketio's client, but that what the server sends in order is heard in order."""

    def _engineio_client_class(self) -> type[InOrder]:
        return InOrder


class SocketClient:
    """One Socket.IO client; a chat partner if it starts or joins a session."""

    def __init__(self, url: str, schemas: Schemas, transports: list[str] | None = None) -> None:
        self._url = url
        self._schemas = schemas
        self._http = requests.Session()
        self._client = InOrderClient(
            reconnection=False, http_session=self._http, engineio_logger=QUIET
        )
        self._client.on("*", self._heard)
        self._events: queue.Queue[tuple[str, Json]] = queue.Queue()
        self._news: queue.Queue[tuple[str, Json]] = queue.Queue()
        self.wrong: list[Exception] = []
        self.closed = threading.Event()
        self._client.on("disconnect", lambda _reason: self.closed.set())
        self.session_id = ""
        self.sessions: list[str] = []
        try:
            self._client.connect(url, transports=transports or ["websocket"], wait_timeout=TIMEOUT)
        except BaseException:
            self.disconnect()  # or what it has opened would be found by another test
            raise
        self.sids = [self._client.eio.sid, self._client.get_sid()]

    def _heard(self, name: str, data: Json) -> None:
        try:
            self._schemas.check_message(name, data)
        except Exception as error:  # noqa: BLE001 - kept for the test, which runs elsewhere
            self.wrong.append(error)
        (self._news if name == "waiting" else self._events).put((name, data))

    def call(self, event: str, data: object) -> Json:
        """Send an event and return its acknowledgement."""
        answer: Json = self._client.call(event, data, timeout=TIMEOUT)
        if event != "no_such_event":
            self._schemas.check_message(f"{event}_ack", answer)
        return answer

    def start(self, chat_type: str = "text", **fields: object) -> Json:
        """`start`; remembers the session."""
        answer = self.call("start", {"chat_type": chat_type, **fields})
        if answer["ok"]:
            self.session_id = answer["session_id"]
            self.sessions.append(self.session_id)
        return answer

    def join(self, session_id: str, after: int = 0) -> Json:
        """`join_session`; remembers the session."""
        self.session_id = session_id
        return self.call("join_session", {"session_id": session_id, "after": after})

    def send(self, text: str, **fields: object) -> Json:
        """`send_message` in this client's session."""
        return self.call("send_message", {"session_id": self.session_id, "message": text, **fields})

    def signal(self, signal: object) -> Json:
        """`webrtc_signal` in this client's session."""
        return self.call("webrtc_signal", {"session_id": self.session_id, "signal": signal})

    def next_event(self, timeout: float = TIMEOUT) -> tuple[str, Json]:
        """The next event, in order; raises queue.Empty if none comes."""
        event = self._events.get(timeout=timeout)
        assert not self.wrong, self.wrong
        return event

    def expect(self, name: str, timeout: float = TIMEOUT) -> Json:
        """The data of the next event, which must be `name`."""
        found, data = self.next_event(timeout)
        assert found == name, (found, data)
        return data

    def next_news(self, timeout: float = TIMEOUT) -> Json:
        """What it is told next of its wait, which comes every now and then beside the events."""
        _, data = self._news.get(timeout=timeout)
        assert not self.wrong, self.wrong
        return data

    def has_heard_nothing(self) -> bool:
        """Whether no event is waiting; ask for something that comes after it first."""
        return self._events.empty()

    @property
    def transport(self) -> str:
        """ "polling" or "websocket"."""
        return str(self._client.transport())

    def vanish(self) -> None:
        """End the TCP connection without a word of WebSocket, Engine.IO or Socket.IO."""
        self._client.eio.ws.sock.shutdown(socket.SHUT_RDWR)

    def fall_silent(self) -> None:
        """Ask and answer nothing any more, and keep the connection."""
        self._client.eio.state = "silent"  # public, and what its loops look at

    def disconnect(self) -> None:
        """Say goodbye to Socket.IO and close."""
        self._client.disconnect()
        self._client.eio.in_order.shutdown(wait=False)
        self._http.close()
        if self._client.eio.ws is not None:
            self._client.eio.ws.shutdown()  # which it leaves to the garbage collector

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.disconnect()


class RestClient:
    """One plain HTTP client, which sends `headers` each time."""

    def __init__(self, url: str, schemas: Schemas, headers: Mapping[str, str] = {}) -> None:
        self._url = url
        self._schemas = schemas
        self._http = requests.Session()
        self._http.headers.update(headers)
        self.session_id = ""
        self.sessions: list[str] = []
        self.after = 0

    def post(self, path: str, body: object = None, **how: Any) -> requests.Response:
        """`POST path`, with `body` as JSON unless `how` says otherwise."""
        if "data" not in how:
            how["json"] = body
        response = self._http.post(self._url + path, timeout=40, **how)
        self._schemas.check_answer(path, response)
        return response

    def start(self, chat_type: str = "text", **fields: object) -> Json:
        """`POST /start` or `/start_video`; remembers the session."""
        answer: Json = self.post("/start" if chat_type == "text" else "/start_video", fields).json()
        self.session_id = answer["session_id"]
        self.sessions.append(self.session_id)
        return answer

    def send(self, text: str, **fields: object) -> Json:
        """`POST /send`."""
        body = {"session_id": self.session_id, "message": text, **fields}
        return dict(self.post("/send", body).json())

    def receive(self, wait: float = 0) -> Json:
        """`POST /receive` what is new since the last time."""
        body = {"session_id": self.session_id, "after": self.after, "wait": wait}
        answer: Json = self.post("/receive", body).json()
        self.after = answer.get("last_seq", self.after)
        return answer

    def leave(self) -> Json:
        """`POST /disconnect`."""
        return dict(self.post("/disconnect", {"session_id": self.session_id}).json())

    def close(self) -> None:
        """Close the connections that were kept open."""
        self._http.close()


def wait_for(condition: Callable[[], object], what: str, timeout: float = TIMEOUT) -> None:
    """Wait until `condition` holds; raises AssertionError that names `what` if it never does."""
    began = time.monotonic()
    while not condition():
        waited = time.monotonic() - began
        assert waited < timeout, f"{what} did not happen within {timeout} s"
        # Between two looks; the longer it takes, the more a look would only hold it up.
        time.sleep(min(0.1, 0.005 + waited / 10))
