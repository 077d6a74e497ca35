"""The same chat as the Flask-SocketIO tutorials write it: eventlet, rooms, emit, defaults."""

from __future__ import annotations

import eventlet

eventlet.monkey_patch()  # as the manual asks, before all other imports

import os  # noqa: E402
import secrets  # noqa: E402
from datetime import UTC, datetime  # noqa: E402
from typing import Any  # noqa: E402

from flask import Flask, request  # noqa: E402
from flask_socketio import SocketIO, emit, join_room, leave_room  # noqa: E402

app = Flask(__name__)
app.config["SECRET_KEY"] = secrets.token_hex()
socketio = SocketIO(app)

waiting: dict[str, list[str]] = {"text": [], "video": []}
sessions: dict[str, dict[str, Any]] = {}
by_socket: dict[str, str] = {}


def refused(code: str) -> dict[str, Any]:
    return {"ok": False, "error": "The request was refused.", "code": code}


def socket_id() -> str:
    return str(request.sid)  # type: ignore[attr-defined]  # because Flask-SocketIO adds it


def end(session_id: str, reason: str) -> None:
    session = sessions.pop(session_id)
    by_socket.pop(session["socket"], None)
    if session_id in waiting[session["chat_type"]]:
        waiting[session["chat_type"]].remove(session_id)
    leave_room(session_id, sid=session["socket"], namespace="/")
    partner_id = session["partner"]
    if partner_id in sessions:
        emit(
            "partner_disconnected",
            {"session_id": partner_id, "reason": reason},
            to=partner_id,
            namespace="/",
        )
        sessions[partner_id]["partner"] = None
        end(partner_id, reason)


@app.get("/")
def health() -> dict[str, str]:
    return {"status": "healthy"}


@socketio.on("start")
def start(data: Any) -> dict[str, Any]:
    if not isinstance(data, dict) or data.get("chat_type") not in waiting:
        return refused("invalid_request")
    if socket_id() in by_socket:
        end(by_socket[socket_id()], "left")
    session_id = secrets.token_urlsafe(16)
    chat_type = data["chat_type"]
    join_room(session_id)
    by_socket[socket_id()] = session_id
    session = {"socket": socket_id(), "chat_type": chat_type, "partner": None}
    sessions[session_id] = session
    if not waiting[chat_type]:
        waiting[chat_type].append(session_id)
        return {"ok": True, "session_id": session_id, "status": "waiting"}
    partner_id = waiting[chat_type].pop(0)
    session["partner"] = partner_id
    sessions[partner_id]["partner"] = session_id
    for each, is_initiator in ((partner_id, True), (session_id, False)):
        matched = {
            "session_id": each,
            "chat_type": chat_type,
            "is_initiator": is_initiator,
            "common_interests": [],
            "ice_servers": [{"urls": ["stun:stun.l.google.com:19302"]}],
        }
        emit("matched", matched, to=each)
    return {"ok": True, "session_id": session_id, "status": "matched"}


def partner_of(data: Any) -> str | None:
    """Return the partner's session, or None when `data` names no chat of this socket."""
    session_id = data.get("session_id") if isinstance(data, dict) else None
    if session_id is None or by_socket.get(socket_id()) != session_id:
        return None
    partner: str | None = sessions[session_id]["partner"]
    return partner


@socketio.on("send_message")
def send_message(data: Any) -> dict[str, Any]:
    partner_id = partner_of(data)
    if partner_id is None:
        return refused("not_matched")
    text = data.get("message")
    if not isinstance(text, str) or not 0 < len(text) <= 2000:
        return refused("invalid_request")
    message = {
        "id": secrets.token_urlsafe(9),
        "from": "stranger",
        "text": text,
        "timestamp": datetime.now(UTC).isoformat(),
    }
    emit("new_message", {"session_id": partner_id, "message": message}, to=partner_id)
    return {"ok": True, "message_id": message["id"]}


@socketio.on("webrtc_signal")
def webrtc_signal(data: Any) -> dict[str, Any]:
    partner_id = partner_of(data)
    if partner_id is None:
        return refused("not_matched")
    if not isinstance(data.get("signal"), dict):
        return refused("invalid_request")
    emit("webrtc_signal", {"session_id": partner_id, "signal": data["signal"]}, to=partner_id)
    return {"ok": True}


@socketio.on("leave_session")
def leave_session(data: Any) -> dict[str, Any]:
    session_id = by_socket.get(socket_id())
    if session_id is None or not isinstance(data, dict) or data.get("session_id") != session_id:
        return refused("session_not_found")
    end(session_id, "left")
    return {"ok": True}


@socketio.on("disconnect")
def disconnect() -> None:
    session_id = by_socket.get(socket_id())
    if session_id is not None:
        end(session_id, "left")


if __name__ == "__main__":
    socketio.run(app, host="127.0.0.1", port=int(os.environ["PORT"]))
