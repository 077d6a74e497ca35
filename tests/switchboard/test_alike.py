"""Memory and Redis side by side: the same random steps have the same results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rendezvous.matching import Appointment, Profile, Widening
from rendezvous.refusals import Refused
from rendezvous.switchboard import MemorySwitchboard, Switchboard, Terms
from rendezvous.switchboard.places import LASTS
from rendezvous.switchboard.results import Begun, Effects, View, together

from .conftest import ASKING, TERMS, Clock, fresh_redis, shut

SESSIONS = 6
# Where several wait at a time, and some widen.
CROWDED = replace(
    TERMS,
    lease=1_000,
    sessions_per_place=0,
    sessions_per_visitor=0,
    widening=Widening(arrivals=9, soonest=0.9, latest=2.0, language=0.8),
)
INTERESTS = st.lists(
    st.sampled_from(["chess", "go", "tea", "ä", "a/b", 'a"b', "aa", "a"]), max_size=4
)
MOMENT = 1e-3  # s between two steps, because of equal deadlines either may come first
SESSION = st.integers(0, SESSIONS - 1)
KIND = st.sampled_from(["text", "video", "asks", "discusses"])
STEP = st.one_of(
    st.tuples(st.just("start"), st.booleans(), INTERESTS, KIND),
    st.tuples(st.just("start"), st.booleans(), INTERESTS, st.sampled_from(["asks", "discusses"])),
    st.tuples(st.just("join"), SESSION, st.integers(0, 12)),
    st.tuples(st.just("read"), SESSION, st.integers(0, 12)),
    st.tuples(st.just("vouch"), SESSION),
    st.tuples(st.just("drop"), SESSION),
    st.tuples(st.just("leave"), SESSION),
    st.tuples(st.just("post"), SESSION, st.integers(0, 1_500), st.integers(0, 3)),
    st.tuples(st.just("signal"), SESSION, st.integers(0, 1_500)),
    st.tuples(st.just("whisper"), SESSION),
    st.tuples(st.just("standings")),
    st.tuples(st.just("ask"), SESSION),
    st.tuples(st.just("meet_again"), SESSION),
    st.tuples(st.just("start_with"), st.sampled_from("xy"), st.sampled_from("ab")),
    st.tuples(st.just("answer"), SESSION, st.booleans()),
    st.tuples(st.just("pass"), st.sampled_from([0.5, 2, 3, 5, 14.5, 16, 31, 61, 1_801])),
)


class Side:
    """One of the two: its ids are told by when they were given."""

    def __init__(self, open_board: Callable[[Clock], Switchboard]) -> None:
        self.clock = Clock()
        self.board = open_board(self.clock)
        self.ids: list[str] = []
        self.sockets: dict[int, str] = {}
        self.made = 0

    def do(self, name: str, *arguments: Any) -> object:
        """The result of a step, so that it can be compared."""
        self.clock.pass_by(MOMENT)
        try:
            result = getattr(self, f"_{name}")(*arguments)
        except Refused as refused:
            return refused.code
        return self._shown(result)

    def counts(self) -> object:
        return self.board.counts()

    def _socket(self, session: int) -> str:
        self.made += 1
        self.sockets[session] = f"socket {self.made}"
        return self.sockets[session]

    def _id(self, session: int) -> str:
        return self.ids[-1 - session] if session < len(self.ids) else "nobody"

    def _number(self, session: int) -> int:
        return len(self.ids) - 1 - session

    def _start(self, with_socket: bool, interests: list[str], kind: Any) -> Begun:
        socket = self._socket(len(self.ids)) if with_socket else None
        begun = self.board.start(_profile(kind, tuple(dict.fromkeys(interests))), socket)
        self.ids.append(begun.session_id)
        return begun

    def _come(self, interests: list[str], language: str | None) -> Begun:
        begun = self.board.start(Profile("text", tuple(interests), language), None)
        self.ids.append(begun.session_id)
        return begun

    def _join(self, session: int, after: int) -> View:
        return self.board.join(self._id(session), after, self._socket(self._number(session)))

    def _read(self, session: int, after: int) -> View:
        return self.board.read(self._id(session), after)

    def _vouch(self, session: int) -> Effects:
        return self.board.vouch(
            self._id(session), self.sockets.get(self._number(session), "no socket")
        )

    def _drop(self, session: int) -> Effects:
        return self.board.drop(
            self._id(session), self.sockets.get(self._number(session), "no socket")
        )

    def _leave(self, session: int) -> Effects:
        return self.board.leave(self._id(session))

    def _post(self, session: int, size: int, name: int) -> object:
        members = b'"text":"%b"' % (b"x" * size)
        return self.board.post(
            self._id(session), "new_message", members, f"id {size}", f"name {name}"
        )

    def _signal(self, session: int, size: int) -> object:
        return self.board.post(self._id(session), "webrtc_signal", b'"signal":"%b"' % (b"x" * size))

    def _whisper(self, session: int) -> Effects:
        return self.board.whisper(self._id(session), "partner_typing", b'"is_typing":true')

    def _standings(self) -> object:
        self.clock.pass_by(LASTS)
        return self.board.standings([*self.ids, "nobody"])

    def _ask(self, session: int) -> Effects:
        return self.board.request_upgrade(self._id(session))

    def _meet_again(self, session: int) -> Effects:
        return self.board.meet_again(self._id(session), b'"token":1', b'"token":2')

    def _start_with(self, meeting: str, side: str) -> Begun:
        profile = Profile("text", appointment=Appointment(meeting, side))
        begun = self.board.start(profile, self._socket(len(self.ids)))
        self.ids.append(begun.session_id)
        return begun

    def _answer(self, session: int, accept: bool) -> Effects:
        return self.board.answer_upgrade(self._id(session), accept=accept)

    def _pass(self, seconds: float) -> Effects:
        self.clock.pass_by(seconds)
        return together((self.board.widen(), self.board.sweep()))

    def _shown(self, result: Any) -> object:
        """As builtins, ids by their number; effects in no order, which sweeps do not promise."""
        built = self._named(msgspec.to_builtins(result, builtin_types=(bytes,)))
        if isinstance(result, Effects):
            return {name: sorted(map(repr, values)) for name, values in built.items()}
        return built

    def _named(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._named(each) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return [self._named(each) for each in value]
        if isinstance(value, str) and value in self.ids:
            return self.ids.index(value)
        if isinstance(value, float):
            return round(value, 3)
        if isinstance(value, bytes):
            return msgspec.json.decode(b"{%b}" % value)  # the same JSON may be spelt differently
        return value


def _profile(kind: Any, interests: tuple[str, ...]) -> Profile:
    if kind == "asks":
        return Profile("text", interests, question=f"ä or {len(interests)}?")
    if kind == "discusses":
        return Profile("text", interests, discusses=True)
    return Profile(kind, interests)


@pytest.mark.parametrize("terms", [TERMS, ASKING], ids=["nobody asked", "the silent asked"])
@settings(max_examples=40, deadline=None)
@given(steps=st.lists(STEP, max_size=60))
def test_the_same_steps_have_the_same_results(terms: Terms, steps: list[tuple[Any, ...]]) -> None:
    memory = Side(lambda clock: MemorySwitchboard(terms, clock))
    redis = Side(lambda clock: fresh_redis(clock, terms))
    try:
        for step in steps:
            assert memory.do(*step) == redis.do(*step)
            assert memory.counts() == redis.counts()
    finally:
        shut(redis.board)


@settings(max_examples=40, deadline=None)
@given(
    people=st.lists(
        st.tuples(
            st.sampled_from([0.03, 0.1, 0.3]),
            st.lists(st.sampled_from(["go", "tea", "jazz", "chess", "art", "sea"]), max_size=1),
            st.sampled_from([None, "en", "ja", "pt-BR", "pt"]),
        ),
        min_size=20,
        max_size=60,
    )
)
def test_the_same_people_are_introduced(
    people: list[tuple[float, list[str], str | None]],
) -> None:
    memory = Side(lambda clock: MemorySwitchboard(CROWDED, clock))
    redis = Side(lambda clock: fresh_redis(clock, CROWDED))
    try:
        for pause, interests, language in [*people, (2, [], None)]:
            assert memory.do("pass", pause) == redis.do("pass", pause)
            assert memory.do("come", interests, language) == redis.do("come", interests, language)
    finally:
        shut(redis.board)
