"""The application that the tests of the transport talk to: echoes, relays, and says what it saw.

`python -m tests.transport.relay` serves it with our own server; gunicorn takes `relay:app`.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

MODE = os.environ.get("RELAY_MODE", "gevent")

if __name__ == "__main__":
    from gevent import monkey

    monkey.patch_all()  # before the rest is imported, or it would keep the blocking originals

from flask import Flask, jsonify, request  # noqa: E402
from flask_socketio import SocketIO  # noqa: E402

from rendezvous.transport import Connection, Limits, install  # noqa: E402

logging.basicConfig(level=logging.INFO, stream=sys.stderr)

limits = Limits(**json.loads(os.environ.get("RELAY_LIMITS", "{}")))
app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = limits.max_message_bytes
socketio = SocketIO(
    app,
    async_mode=MODE,  # type: ignore[arg-type]  # a name of the three that the stubs list
    async_handlers=False,
    cors_allowed_origins=[
        "https://friend.example",
        f"http://127.0.0.1:{os.environ['RELAY_PORT']}",
    ],
)
sio: Any = socketio.server  # type: ignore[attr-defined]  # the stubs forget it

server: Any = None  # our own, if that is what we run under
connects: list[str] = []
disconnects: list[list[str]] = []
running: dict[str, int] = {}
most_at_once = 0
held: list[str] = []
clock = time.time


def on_text(connection: Connection, text: str) -> bool:
    """Handle `2<id>["name",...]` for the names below; python-socketio gets the rest."""
    start = text.find("[")
    if text[:1] != "2" or start < 0 or not connection.joined:
        return False
    try:
        name, *args = json.loads(text[start:])
    except (ValueError, RecursionError):
        return False
    if not isinstance(name, str) or name not in EVENTS:
        return False
    answer = EVENTS[name](connection, *args)
    if start > 1:
        connection.push(f"3{text[1:start]}{json.dumps([answer])}".encode())
    return True


answers: list[str] = []
engine = install(sio, limits, on_text=on_text, on_answer=lambda asked: answers.append(asked.sid))


def echo(_connection: Connection, *args: Any) -> list[Any]:
    return list(args)


def tell(_connection: Connection, sid: str, data: Any) -> bool:
    target = engine.connection_of(sid)
    if target is None:
        return False
    target.push(f"2{json.dumps(['told', data])}")
    return True


def flood(_connection: Connection, sid: str, count: int, size: int) -> bool:
    target = engine.connection_of(sid)
    packet = b'2["told","' + b"x" * size + b'"]'
    for _ in range(count):
        if target is not None:
            target.push(packet)
    return True


def ask(connection: Connection, times: int) -> None:
    for _ in range(times):
        connection.ask()


def fail(_connection: Connection) -> None:
    raise RuntimeError("a bug in a handler")


class TooLong(BaseException):
    """As gevent.Timeout is, which is no Exception either."""


def run_out(_connection: Connection) -> None:
    raise TooLong


def wait(connection: Connection, seconds: float) -> int:
    """Block, and note how many handlers of this connection run at once."""
    global most_at_once  # noqa: PLW0603 - the one number of a small test application
    running[connection.sid] = running.get(connection.sid, 0) + 1
    most_at_once = max(most_at_once, running[connection.sid])
    sio.sleep(seconds)
    running[connection.sid] -= 1
    return most_at_once


def hold(connection: Connection) -> None:
    """Block until somebody says `let_go`."""
    held.append(connection.sid)
    while held:
        sio.sleep(0.01)


def let_go(_connection: Connection) -> None:
    held.clear()


def jump(_connection: Connection, seconds: float) -> None:
    """Set the wall clock, as this process sees it."""
    time.time = lambda: clock() + seconds


def leave(connection: Connection, reason: str) -> None:
    connection.push('2["told","good bye"]')
    connection.close_now(reason)


EVENTS = {
    event.__name__: event
    for event in (echo, tell, flood, ask, fail, run_out, wait, hold, let_go, jump, leave)
}


def connect(sid: str, _environ: dict[str, Any], auth: Any = None) -> Any:
    if auth == {"token": "wrong"}:
        return False
    if auth == {"token": "slow"}:
        sio.sleep(0.3)
    connects.append(sid)
    return None


def disconnect(sid: str, reason: str) -> None:
    connection = engine.connection_of(sid)
    disconnects.append([sid, reason])
    if connection is not None and connection.state == "fail on disconnect":
        raise RuntimeError("a bug in the disconnect handler")


def mark(sid: str, state: str) -> str:
    """An event for python-socketio: sets the connection's state."""
    connection = engine.connection_of(sid)
    if connection is not None:
        connection.state = state
    return state


sio.on("connect", connect)
sio.on("disconnect", disconnect)
sio.on("mark", mark)


@socketio.on("flask")
def flask_event(data: Any) -> list[Any]:
    """An event for Flask-SocketIO, which makes a request context from what is kept."""
    return [data, request.remote_addr, request.host, request.headers.get("User-Agent")]


@app.get("/report")
def report() -> Any:
    gc.collect()
    statm = Path("/proc/self/statm").read_text().split()
    return jsonify(
        connects=connects,
        disconnects=disconnects,
        answers=answers,
        most_at_once=most_at_once,
        held=held,
        connections=len(engine.connections),
        polls=sum(bool(c._outbox and c._outbox.waiting) for c in engine.connections.values()),
        environs=len(sio.environ),
        clients=sum(map(len, sio.manager._clients.values())),
        addresses=engine._tally.total,
        accepted=server._tally.total if server else None,
        resident=int(statm[1]) * os.sysconf("SC_PAGE_SIZE"),
        descriptors=len(list(Path("/proc/self/fd").iterdir())),
    )


@app.post("/body")
def body() -> Any:
    return {"bytes": len(request.get_data())}


@app.get("/fail")
def failing() -> Any:
    raise RuntimeError("a bug in a view")


@app.get("/large")
def large() -> Any:
    return b"x" * 20_000_000


@app.get("/slow")
def slow() -> Any:
    sio.sleep(float(request.args["seconds"]))
    return "done"


def main() -> None:
    global server  # noqa: PLW0603 - for the report
    import gevent  # noqa: PLC0415 - because eventlet installations have no gevent

    from rendezvous.transport import Server  # noqa: PLC0415 - as above

    address = ("127.0.0.1", int(os.environ["RELAY_PORT"]))
    server = Server(app, address, limits, engine=engine)
    server.start()
    gevent.signal_handler(signal.SIGTERM, server.stop, 2)
    server.serve_forever()


if __name__ == "__main__":
    main()
