"""The flat manager keeps the promises of python-socketio's, without looking through rooms."""

from __future__ import annotations

from typing import Any

import pytest
import socketio

from rendezvous.transport import Limits, install


@pytest.fixture
def sio() -> Any:
    """A server with our manager under it."""
    server = socketio.Server(async_mode="gevent")
    install(server, Limits(), on_text=lambda _connection, _text: False)
    return server


def connect(sio: Any, eio_sid: str, namespace: str = "/") -> str:
    sid: str = sio.manager.pre_connect(eio_sid, namespace)
    assert sio.manager.is_pre_connected(sid, namespace)
    assert not sio.manager.is_connected(sid, namespace)
    sio.manager.connect(sid, namespace)
    return sid


def participants(sio: Any, room: Any, namespace: str = "/") -> dict[str, str]:
    return dict(sio.manager.get_participants(namespace, room))


def test_a_client_is_known_by_both_ids_until_it_leaves(sio: Any) -> None:
    sid = connect(sio, "one")
    assert sio.manager.is_connected(sid, "/")
    assert sio.manager.sid_from_eio_sid("one", "/") == sid
    assert sio.manager.eio_sid_from_sid(sid, "/") == "one"
    assert sio.manager.pre_disconnect(sid, "/") == "one"
    assert not sio.manager.is_connected(sid, "/")
    sio.manager.disconnect(sid, "/")
    assert sio.manager.sid_from_eio_sid("one", "/") is None
    assert sio.manager.eio_sid_from_sid(sid, "/") is None


def test_a_connection_joins_a_namespace_once(sio: Any) -> None:
    connect(sio, "one")
    assert sio.manager.pre_connect("one", "/") is None
    assert connect(sio, "one", "/other")


def test_rooms_hold_who_entered_and_has_not_left(sio: Any) -> None:
    one, two, three = (connect(sio, name) for name in ("one", "two", "three"))
    sio.enter_room(one, "room")
    sio.enter_room(two, "room")
    sio.enter_room(two, "other")
    assert participants(sio, "room") == {one: "one", two: "two"}
    assert participants(sio, ["room", "other"]) == {one: "one", two: "two"}
    assert participants(sio, None) == {one: "one", two: "two", three: "three"}
    assert participants(sio, three) == {three: "three"}
    assert participants(sio, "nowhere") == {}
    assert sorted(sio.rooms(two)) == sorted([two, "room", "other"])
    sio.leave_room(one, "room")
    assert participants(sio, "room") == {two: "two"}
    sio.close_room("room")
    assert participants(sio, "room") == {}
    assert sorted(sio.rooms(two)) == sorted([two, "other"])


def test_nobody_enters_another_clients_own_room(sio: Any) -> None:
    one, two = connect(sio, "one"), connect(sio, "two")
    with pytest.raises(ValueError, match="sid room"):
        sio.enter_room(one, two)
    with pytest.raises(ValueError, match="not connected"):
        sio.enter_room("stranger", "room")


def test_nothing_stays_of_whoever_left(sio: Any) -> None:
    sids = [
        connect(sio, str(number), namespace) for number in range(5) for namespace in ("/", "/x")
    ]
    for sid in sids[::2]:
        sio.enter_room(sid, "room")
    for number in range(5):
        sio.manager.forget(str(number))
    assert list(sio.manager.get_namespaces()) == []
    manager = sio.manager
    assert not any((manager._clients, manager._sids, manager._entered, manager._in_between))


class Counted(dict[Any, Any]):
    """A dictionary that must not be looked through."""

    def _refuse(self, *_args: Any) -> Any:
        raise AssertionError("a disconnect must not look at everybody")

    __iter__ = keys = values = items = copy = _refuse


def test_a_disconnect_looks_at_nobody_else(sio: Any) -> None:
    sids = [connect(sio, str(number)) for number in range(10)]
    for sid in sids:
        sio.enter_room(sid, "room")
    manager = sio.manager
    manager._clients["/"] = Counted(manager._clients["/"])
    manager._sids["/"] = Counted(manager._sids["/"])
    manager.rooms["/"] = Counted(manager.rooms["/"])
    manager.rooms["/"]["room"] = Counted(dict(zip(sids, map(str, range(10)), strict=True)))
    for sid in sids[:9]:
        manager.pre_disconnect(sid, "/")
        manager.disconnect(sid, "/")
    assert manager.is_connected(sids[9], "/")


def test_a_manager_for_many_processes_is_refused() -> None:
    server = socketio.Server(async_mode="gevent", client_manager=socketio.PubSubManager())
    with pytest.raises(ValueError, match="in-process manager"):
        install(server, Limits(), on_text=lambda _connection, _text: False)


def test_real_threads_are_refused() -> None:
    with pytest.raises(ValueError, match="gevent or eventlet"):
        install(
            socketio.Server(async_mode="threading"),
            Limits(),
            on_text=lambda _connection, _text: False,
        )
