"""What the transport uses or replaces of the libraries' insides: says what has moved, and where.

Each line names the private attribute, and why a silent change would hurt.
"""

from __future__ import annotations

import inspect
import socket
from typing import Any

import engineio
import gevent
import pytest
import socketio
from gevent import pywsgi
from websockets.frames import Frame, Opcode
from websockets.protocol import SERVER, Protocol, State

ENGINE = {
    "_handle_connect": ["self", "environ", "start_response", "transport", "jsonp_index"],
    "_upgrades": ["self", "sid", "transport"],
    "_log_error_once": ["self", "message", "message_key"],
    "_bad_request": ["self", "message"],
    "_cors_allowed_origins": ["self", "environ"],
    "_generate_sid_cookie": ["self", "sid", "attributes"],
    "disconnect": ["self", "sid"],
    "send": ["self", "sid", "data"],
    "send_packet": ["self", "sid", "pkt"],
}
SOCKET_IO = {
    "_handle_eio_connect": ["self", "eio_sid", "environ"],
    "_handle_eio_message": ["self", "eio_sid", "data"],
    "_handle_eio_disconnect": ["self", "eio_sid", "reason"],
    "_handle_connect": ["self", "eio_sid", "namespace", "data"],
    "_handle_disconnect": ["self", "eio_sid", "namespace", "reason"],
}
MANAGER = {
    "get_namespaces": ["self"],
    "get_participants": ["self", "namespace", "room"],
    "pre_connect": ["self", "eio_sid", "namespace"],
    "connect": ["self", "sid", "namespace"],
    "is_pre_connected": ["self", "sid", "namespace"],
    "is_connected": ["self", "sid", "namespace"],
    "sid_from_eio_sid": ["self", "eio_sid", "namespace"],
    "eio_sid_from_sid": ["self", "sid", "namespace"],
    "pre_disconnect": ["self", "sid", "namespace"],
    "basic_disconnect": ["self", "sid", "namespace", "kwargs"],
    "is_sid_room": ["self", "namespace", "room"],
    "basic_enter_room": ["self", "sid", "namespace", "room", "eio_sid"],
    "basic_leave_room": ["self", "sid", "namespace", "room"],
    "get_rooms": ["self", "sid", "namespace"],
}
HANDLER = {
    "MessageClass": ["self", "args"],
    "_headers": ["self"],
    "read_requestline": ["self"],
    "read_request": ["self", "raw_requestline"],
    "get_environ": ["self"],
    "log_request": ["self"],
    "log_error": ["self", "msg", "args"],
    "_handle_client_error": ["self", "ex"],
    "_log_error": ["self", "t", "v", "tb"],
}
WSGI_SERVER = {
    "do_read": ["self"],
    "do_handle": ["self", "args"],
    "do_close": ["self", "sock", "args"],
    "handle": ["self", "sock", "address"],
    "stop_accepting": ["self"],
    "_start_accepting_if_started": ["self", "_event"],
}


@pytest.mark.parametrize(
    ("owner", "methods"),
    [
        (engineio.Server, ENGINE),
        (socketio.Server, SOCKET_IO),
        (socketio.Manager, MANAGER),
        (pywsgi.WSGIHandler, HANDLER),
        (pywsgi.WSGIServer, WSGI_SERVER),
        (pywsgi.Input, {"_discard": ["self"]}),
    ],
    ids=["engineio", "socketio", "manager", "handler", "server", "input"],
)
def test_methods_that_are_overridden_or_called_are_still_there(
    owner: type, methods: dict[str, list[str]]
) -> None:
    for name, parameters in methods.items():
        method = getattr(owner, name, None)
        assert method is not None, f"{owner.__name__}.{name} has gone: see rendezvous/transport"
        found = list(inspect.signature(method).parameters)
        assert found == parameters, f"{owner.__name__}.{name} now takes {found}"


def test_the_managers_methods_are_all_answered_or_harmless() -> None:
    """A method that a newer python-socketio adds may look into rooms that we do not fill."""
    ours = set(MANAGER)
    harmless = {
        "set_server",
        "initialize",
        "can_disconnect",  # asks is_connected
        "emit",  # asks get_participants, after a look for the namespace in `rooms`
        "disconnect",  # calls basic_disconnect
        "enter_room",  # calls basic_enter_room
        "leave_room",  # calls basic_leave_room
        "close_room",  # calls basic_close_room
        "basic_close_room",  # asks is_sid_room and get_participants, calls basic_leave_room
        "trigger_callback",  # looks into `callbacks`
        "_generate_ack_id",  # the same
        "_get_logger",
    }
    methods = {name for name in dir(socketio.Manager) if not name.startswith("__")}
    assert methods - ours - harmless == set()


def test_engineio_still_hands_what_we_rely_on_to_a_server_instance() -> None:
    server = engineio.Server(async_mode="gevent", monitor_clients=False)
    assert callable(server._async["sleep"]), "the clock sleeps with it"
    assert server.start_service_task is False, "its service task must not run"
    for option in ("http_compression", "compression_threshold", "cors_allowed_origins", "cookie"):
        assert hasattr(server, option), f"{option} is copied from the engine that is replaced"


def test_engineio_asks_of_a_socket_only_what_a_connection_has() -> None:
    """engineio.Server works on our connections; these are the attributes it touches."""
    source = inspect.getsource(engineio.Server.handle_request)
    for name in ("connected", "upgraded", "handle_get_request", "handle_post_request"):
        assert f"socket.{name}" in source, f"engineio.Server no longer looks at socket.{name}"


def test_socketio_keeps_environs_by_engine_io_sid() -> None:
    server = socketio.Server(async_mode="gevent")
    server._handle_eio_connect("sid", {"REMOTE_ADDR": "x"})
    assert server.environ == {"sid": {"REMOTE_ADDR": "x"}}


def test_a_server_still_accepts_from_a_plain_socket_and_waits_on_its_own_timer() -> None:
    source = inspect.getsource(pywsgi.WSGIServer.do_read)
    assert "sock._accept()" in source, "the listening socket is a plain one, without gevent's wait"
    assert "_timer" in inspect.getsource(pywsgi.WSGIServer.stop_accepting), "which must be stopped"


def test_pywsgi_input_takes_what_a_body_gives_it() -> None:
    parameters = list(inspect.signature(pywsgi.Input.__init__).parameters)
    assert parameters[:5] == ["self", "rfile", "content_length", "socket", "chunked_input"]
    assert "send_100_continue_enabled" in pywsgi.Input.__slots__


def test_the_handlers_constructor_does_no_more_than_ours() -> None:
    source = inspect.getsource(pywsgi.WSGIHandler.__init__)
    assigned = {line.split("=")[0].strip() for line in source.splitlines() if "self." in line}
    assert {name for name in assigned if name.startswith("self.")} == {
        "self.socket",
        "self.client_address",
        "self.server",
        "self.rfile",
    }


def test_a_loop_still_makes_watchers_that_can_be_stopped_and_started() -> None:
    one, other = socket.socketpair()
    with one, other:
        watcher: Any = gevent.get_hub().loop.io(one.fileno(), 1)
        watcher.start(print, "argument")
        assert watcher.active
        watcher.stop()
        assert not watcher.active
        watcher.close()


def test_the_rules_still_take_a_close_within_a_message_for_an_error() -> None:
    """If they do not any more, `Rules.recv_frame` has nothing left to do."""
    rules = Protocol(SERVER)
    rules.receive_data(b"\x01\x80mask" + b"\x88\x80mask")
    assert rules.current_size == 0
    assert "incomplete fragmented message" in str(rules.parser_exc)


def test_the_rules_still_read_and_close_as_the_websocket_expects() -> None:
    rules = Protocol(SERVER, max_size=100)
    assert rules.state.name == "OPEN"
    rules.receive_data(b"\x81\x81mask" + bytes((ord("m") ^ ord("x"),)))
    (frame,) = rules.events_received()
    assert isinstance(frame, Frame)
    assert (frame.opcode, bytes(frame.data), frame.fin) == (Opcode.TEXT, b"x", True)
    rules.fail(1009, "too large")
    *_, end = rules.data_to_send()
    assert end == b"", "an empty piece of data means: half-close"
    rules.receive_eof()
    assert rules.state is State.CLOSED
