"""What is accepted of the settings for STUN and TURN, and what stops the start."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import ConfigError, Settings, load_settings

SECRET = "s3cret of the relay"


def load(**variables: str) -> Settings:
    return load_settings(Path("/nonexistent"), {"SECRET_KEY": "x", **variables})


def test_turn_is_off_unless_it_is_set() -> None:
    settings = load()
    assert (settings.turn_urls, settings.turn_ttl, settings.ice_policy) == ((), 3600, "all")


def test_stun_and_turn_servers_are_taken_as_browsers_take_them() -> None:
    stun = "stun:stun.example.org, stuns:10.0.0.1:5349,stun:[2001:db8::1]:3478"
    turn = "turn:turn.example.org:3478?transport=udp,turns:[::1]?transport=tcp,turn:localhost"
    settings = load(STUN_URLS=stun, TURN_URLS=turn, TURN_SECRET=SECRET, ICE_POLICY="relay")
    assert settings.stun_urls[1:] == ("stuns:10.0.0.1:5349", "stun:[2001:db8::1]:3478")
    assert settings.turn_urls == tuple(turn.split(","))
    assert (settings.turn_secret, settings.ice_policy) == (SECRET, "relay")


@pytest.mark.parametrize(
    ("name", "variables"),
    [
        ("STUN_URLS", {"STUN_URLS": "http://stun.example.org"}),
        ("STUN_URLS", {"STUN_URLS": "turn:turn.example.org"}),
        ("STUN_URLS", {"STUN_URLS": "stun:"}),
        ("TURN_URLS", {"TURN_URLS": "stun:a", "TURN_SECRET": SECRET}),
        ("TURN_URLS", {"TURN_URLS": "turn:a:b", "TURN_SECRET": SECRET}),
        ("TURN_URLS", {"TURN_URLS": "turn:user@a", "TURN_SECRET": SECRET}),
        ("TURN_URLS", {"TURN_URLS": "turn:a?transport=sctp", "TURN_SECRET": SECRET}),
        ("TURN_SECRET", {"TURN_URLS": "turn:a"}),
        ("TURN_TTL", {"TURN_TTL": "59"}),
        ("TURN_TTL", {"TURN_TTL": "an hour"}),
        ("ICE_POLICY", {"ICE_POLICY": "relays"}),
        ("ICE_POLICY", {"ICE_POLICY": "relay"}),
        ("ICE_POLICY", {"ICE_POLICY": "relay", "TURN_SECRET": SECRET}),
    ],
)
def test_what_cannot_work_stops_the_start(name: str, variables: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match=name) as refused:
        load(**variables)
    assert SECRET not in str(refused.value)
