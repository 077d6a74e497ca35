"""Who is connected to which Socket.IO namespace, in flat dictionaries.

python-socketio's manager keeps every client in a room of its own and looks through all rooms
at each disconnect: 2.6 ms at 20,000 clients. Here a disconnect touches only the client's own rooms.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import socketio


class FlatManager(socketio.Manager):  # type: ignore[misc]  # because socketio has no types
    """A client manager for one process.

    `rooms[namespace]` (an attribute of the base class, which its `emit` looks into) holds the real
    rooms only; the base class's rooms `None` (everybody) and `sid` (one client) are answered here.
    """

    def __init__(self) -> None:
        super().__init__()
        self._clients: dict[str, dict[str, str]] = {}  # namespace -> sid -> Engine.IO sid
        self._sids: dict[str, dict[str, str]] = {}  # namespace -> Engine.IO sid -> sid
        self._entered: dict[str, set[str]] = {}  # sid -> its rooms
        self._in_between: set[str] = set()  # sids that are connecting or disconnecting

    def get_participants(self, namespace: str, room: Any) -> Iterator[tuple[str, str]]:
        clients = self._clients.get(namespace, {})
        if room is None:
            yield from list(clients.items())
            return
        rooms = room if isinstance(room, (list, tuple, set)) else [room]
        found: dict[str, str] = {}
        for name in rooms:
            if name in clients:
                found[name] = clients[name]
            else:
                found.update(self.rooms.get(namespace, {}).get(name, {}))
        yield from found.items()

    def pre_connect(self, eio_sid: str, namespace: str) -> str | None:
        sids = self._sids.setdefault(namespace, {})
        if eio_sid in sids:
            return None
        sid: str = self.server.eio.generate_id()
        sids[eio_sid] = sid
        self._clients.setdefault(namespace, {})[sid] = eio_sid
        self.rooms.setdefault(namespace, {})
        self._in_between.add(sid)
        return sid

    def connect(self, sid: str, namespace: str) -> str:
        self._in_between.discard(sid)
        self.server.eio.note_joined(self._clients[namespace][sid], True)
        return sid

    def is_pre_connected(self, sid: str, namespace: str) -> bool:
        return sid in self._in_between and sid in self._clients.get(namespace, {})

    def is_connected(self, sid: str, namespace: str) -> bool:
        return sid in self._clients.get(namespace, {}) and sid not in self._in_between

    def sid_from_eio_sid(self, eio_sid: str, namespace: str) -> str | None:
        return self._sids.get(namespace, {}).get(eio_sid)

    def eio_sid_from_sid(self, sid: str, namespace: str) -> str | None:
        return self._clients.get(namespace, {}).get(sid)

    def pre_disconnect(self, sid: str, namespace: str) -> str | None:
        self._in_between.add(sid)
        return self.eio_sid_from_sid(sid, namespace)

    def basic_disconnect(self, sid: str, namespace: str, **kwargs: Any) -> None:
        eio_sid = self._clients.get(namespace, {}).pop(sid, None)
        if eio_sid is None:
            return
        for room in list(self._entered.get(sid, ())):
            self.basic_leave_room(sid, namespace, room)
        del self._sids[namespace][eio_sid]
        self._in_between.discard(sid)
        self.callbacks.pop(sid, None)
        if not self._clients[namespace]:
            del self._clients[namespace], self._sids[namespace], self.rooms[namespace]
        if not any(eio_sid in sids for sids in self._sids.values()):
            self.server.eio.note_joined(eio_sid, False)

    def forget(self, eio_sid: str) -> None:
        """Make sure that nothing of an ended connection stays, whatever its handlers did."""
        for namespace in list(self._sids):
            sid = self.sid_from_eio_sid(eio_sid, namespace)
            if sid is not None:
                self.basic_disconnect(sid, namespace)

    def is_sid_room(self, namespace: str, room: Any) -> bool:
        return room in self._clients.get(namespace, {})

    def basic_enter_room(
        self, sid: str, namespace: str, room: Any, eio_sid: str | None = None
    ) -> None:
        if sid not in self._clients.get(namespace, {}):
            raise ValueError("sid is not connected to requested namespace")
        if room == sid:
            return
        if self.is_sid_room(namespace, room):
            raise ValueError("cannot enter a sid room")
        self.rooms[namespace].setdefault(room, {})[sid] = self._clients[namespace][sid]
        self._entered.setdefault(sid, set()).add(room)

    def basic_leave_room(self, sid: str, namespace: str, room: Any) -> None:
        members = self.rooms.get(namespace, {}).get(room, {})
        if members.pop(sid, None) is None:
            return
        if not members:
            del self.rooms[namespace][room]
        self._entered[sid].discard(room)
        if not self._entered[sid]:
            del self._entered[sid]

    def get_rooms(self, sid: str, namespace: str) -> list[Any]:
        """The rooms of a client, its own (named by its sid) included."""
        if sid not in self._clients.get(namespace, {}):
            return []
        return [sid, *self._entered.get(sid, ())]
