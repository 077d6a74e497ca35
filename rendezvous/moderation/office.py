"""What the doors ask of moderation: who may come in, and what somebody has to say of a stranger.

It answers from memory. The database is asked by a thread of its own, twice a second, and whether it
answers or not makes no difference to a chat.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from rendezvous.courier import Courier, Socket
from rendezvous.moderation.addresses import AddressHashes
from rendezvous.moderation.desk import Desk
from rendezvous.moderation.evidence import Evidence, Statement
from rendezvous.moderation.figures import Figures
from rendezvous.moderation.native import Native
from rendezvous.moderation.presence import Presence, notice, push_warning
from rendezvous.moderation.references import new_reference
from rendezvous.moderation.screenshots import decoded, rewritten, text_size
from rendezvous.moderation.spool import Blocking, Filed, Paper, Spool
from rendezvous.moderation.watch import Watch
from rendezvous.protocol.fields import ReportReason
from rendezvous.protocol.replies import BanStanding, Done, Reported
from rendezvous.protocol.requests import AskAppeal, FileReport, MakeAppeal
from rendezvous.refusals import Refused
from rendezvous.safety.visitor import Caller
from rendezvous.sessions import SessionManager
from rendezvous.switchboard.results import Effects

PATIENCE = 10.0  # s; for a picture, a disk, or the database


class Threads(Struct, frozen=True):
    """Those that wait for the database, and for disks and pictures."""

    database: Native
    files: Native


class Moderation:
    """The front office."""

    def __init__(
        self,
        desk: Desk,
        spool: Spool,
        evidence: Evidence,
        hashes: AddressHashes,
        sessions: SessionManager,
        courier: Courier,
        max_screenshot: int,
        figures: Figures,
    ) -> None:
        self.evidence = evidence
        self._desk = desk  # to be called on the database's thread only
        self._spool = spool
        self._hashes = hashes
        self._sessions = sessions
        self._courier = courier
        self._figures = figures
        self._max_screenshot = max_screenshot
        self.max_screenshot_text = text_size(max_screenshot)
        """Characters of the largest screenshot, in a request."""
        self._threads = Threads(Native(most=100), Native(most=100))
        self.presence = Presence(sessions, courier)
        self.watch = Watch(desk, spool, self._threads.database, self.presence, hashes, figures)
        courier.listeners.append(self._happened)

    def admit(self, caller: Caller) -> None:
        """Raise Refused("banned") with reason, end and the way to object, if they are banned."""
        sentence = self.watch.roster.find(caller.visitor, caller.address)
        if sentence is not None:
            raise Refused("banned", ban=notice(sentence))

    def began(self, session_id: str, caller: Caller) -> None:
        """Somebody has started a session; to be told before its match is."""
        self.evidence.began(session_id, caller)

    def greet(self, socket: Socket) -> None:
        """Say the warnings that somebody has not heard yet."""
        for reason in self.watch.warnings_of(socket.state.caller.visitor):
            push_warning(socket, reason)

    def warnings_for(self, session_id: str, caller: Caller) -> list[ReportReason]:
        """The same for somebody who calls, and who may have no cookie but a session."""
        return self.watch.warnings_of(self.presence.visitor_of(session_id, caller))

    def report(self, request: FileReport) -> Reported:
        """Take a report, with the evidence; it is on the disk when this returns. Raises Refused."""
        statement = self.evidence.of(request.session_id)
        shot = request.screenshot
        picture = decoded(shot, self._max_screenshot) if shot else None
        me, stranger = statement.who, _reported(statement, request)
        filed = Filed(
            new_reference(),
            datetime.now(UTC),
            request.reason,
            request.comment.replace("\0", "\ufffd"),  # which PostgreSQL does not take
            statement.chat_type,
            me.visitor,
            self._hashes.of(me.address),
            datetime.fromtimestamp(me.since, UTC) if me.since else None,
            stranger.visitor,
            self._hashes.of(stranger.address),
            _lines(statement, request),
        )
        self._write_down(filed, picture)
        self._figures.reported(request.reason)
        return Reported(filed.reference)

    def block(self, session_id: str) -> Done:
        """End the chat, if it still goes on, and never let the two meet again. Raises Refused."""
        statement = self.evidence.of(session_id)
        me, stranger = statement.who.visitor, statement.stranger.visitor
        if me and stranger and me != stranger:
            self.watch.block(me, stranger)
            paper = Blocking(new_reference(), datetime.now(UTC), me, stranger)
            self._write_down(paper)
            self._figures.blocked()
        if not statement.over:
            self._courier.deliver(self._sessions.leave(session_id))
        return Done()

    def blocks_of(self, visitor: str) -> frozenset[str]:
        """Whom a visitor must never meet: those they have blocked, and who have blocked them."""
        return frozenset(self.watch.blocks.get(visitor, ()))

    def appeal(self, request: MakeAppeal) -> BanStanding:
        """Object to a ban. Raises Refused."""
        text = request.text.replace("\0", "\ufffd")
        sentence = self._threads.database.call(
            lambda: self._desk.appeal(request.ban, text), PATIENCE
        )
        return BanStanding(notice(sentence), lifted=False)

    def standing(self, request: AskAppeal) -> BanStanding:
        """What has become of a ban and the appeal against it. Raises Refused."""
        sentence, lifted = self._threads.database.call(
            lambda: self._desk.standing(request.ban), PATIENCE
        )
        return BanStanding(notice(sentence), lifted)

    def purge(self) -> None:
        """Delete what has been kept for long enough, when the database gets to it."""
        self._threads.database.post(self._desk.purge)

    def _write_down(self, paper: Paper, picture: bytes | None = None) -> None:
        """Keep a report or a block for good; a picture is looked at first. Raises Refused."""

        def write() -> None:
            kept = replace(paper, screenshot=rewritten(picture)) if picture else paper
            self._spool.put(kept)

        self._threads.files.call(write, PATIENCE)
        self.watch.nudge()

    def _happened(self, effects: Effects) -> None:
        self.evidence.happened(effects)
        self.presence.happened(effects)


def _reported(statement: Statement, request: FileReport) -> Caller:
    """Whom a report is about. Raises Refused."""
    if request.about == "stranger":
        return statement.stranger
    if statement.asker is None:
        raise Refused("invalid_request", "Nobody has asked what you discuss.")
    return statement.asker


def _lines(statement: Statement, request: FileReport) -> list[dict[str, Any]]:
    """The lines of a chat; "stranger" is whom the report is about."""
    if request.about == "stranger":
        return statement.lines
    names = {"asker": "stranger", "stranger": "other"}
    return [{**each, "from": names.get(each["from"], each["from"])} for each in statement.lines]
