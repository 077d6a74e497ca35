"""Every bad setting stops the start, with one line that names it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import requests

from config import ConfigError, Settings, load_settings
from tests.harness.clients import wait_for
from tests.harness.ports import free_port
from tests.harness.servers import ROOT
from tests.runtime.programs import CALM, NAMES, RUN, environment, run

BAD = [
    ("FLASK_DEBUG", "perhaps"),
    ("LOG_LEVEL", "LOUD"),
    ("PORT", "http"),
    ("PORT", "65536"),
    ("PORT", "-1"),
    ("REDIS_URL", "localhost:6379"),
    ("REDIS_URL", "http://localhost:6379"),
    ("REDIS_URL", "redis://"),
    ("CORS_ORIGINS", "chat.example.org"),
    ("CORS_ORIGINS", "https://chat.example.org/"),
    ("CORS_ORIGINS", "https://chat.example.org,null"),
    ("CORS_ORIGINS", "https://*.example.org"),
    ("STUN_URLS", "stun.example.org"),
    ("STUN_URLS", "turn:turn.example.org"),
    ("MAX_MESSAGE_LENGTH", "0"),
    ("MAX_MESSAGE_LENGTH", "2 000"),
    ("MAX_SIGNAL_BYTES", "32KB"),
    ("MAX_BODY_BYTES", "-65536"),
    ("MAX_SESSIONS_PER_SOCKET", "1.5"),
    ("MAX_CONNECTIONS_PER_ADDRESS", "-1"),
    ("RECONNECT_GRACE", "0"),
    ("REST_LEASE", "-30"),
    ("IDLE_TIMEOUT", "nan"),
    ("ENDED_RETENTION", "inf"),
    ("PING_INTERVAL", "7s"),
    ("HANDSHAKE_TIMEOUT", "never"),
]


def one_line(completed: subprocess.CompletedProcess[str], *words: str) -> None:
    """It has failed with exactly one line, in which all of `words` are."""
    assert completed.returncode != 0
    (line,) = completed.stdout.splitlines()
    for word in words:
        assert word in line


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_bad_value_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name) as refused:
        load_settings(Path("/nowhere"), {name: value})
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(("name", "value"), [("PORT", "http"), ("LOG_LEVEL", "LOUD")])
def test_a_bad_value_stops_the_start_with_one_line(name: str, value: str) -> None:
    one_line(run(RUN, {**CALM, name: value}), name, value)


@pytest.mark.parametrize("rest", ["localhost:port", "localhost:6379?socket_timeout=long", ":6379"])
def test_a_redis_that_cannot_be_meant_is_refused_and_not_shown(rest: str) -> None:
    completed = run(RUN, {**CALM, "REDIS_URL": f"redis://user:a-password@{rest}"})
    one_line(completed, "REDIS_URL")
    assert "a-password" not in completed.stdout


@pytest.mark.parametrize("key", ["your-super-secret-key-here", "your-production-secret-key"])
def test_the_examples_secret_key_is_for_debugging_only(key: str) -> None:
    one_line(run(RUN, {**CALM, "SECRET_KEY": key}), "SECRET_KEY")
    assert load_settings(Path("/nowhere"), {"SECRET_KEY": key, "FLASK_DEBUG": "1"}).flask_debug


@pytest.mark.parametrize(
    ("name", "meant"), [("RECONECT_GRACE", "RECONNECT_GRACE"), ("Port", "PORT"), ("XYZ", "")]
)
def test_a_misspelt_name_in_the_env_file_stops_the_start(
    tmp_path: Path, name: str, meant: str
) -> None:
    (tmp_path / ".env").write_text(f"LOG_LEVEL=INFO\n{name}=20\n")
    one_line(run(RUN, CALM, tmp_path), name, meant, ".env")


def test_a_bad_value_in_the_env_file_is_named_too(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("RECONNECT_GRACE=soon\n")
    one_line(run(RUN, CALM, tmp_path), "RECONNECT_GRACE", "soon")


def test_the_environment_wins_over_the_env_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=1\nRECONNECT_GRACE=20\nSTUN_URLS=\n")
    settings = load_settings(tmp_path, {"PORT": "2"})
    assert (settings.port, settings.reconnect_grace, settings.stun_urls) == (2, 20, ())


@pytest.mark.parametrize("value", ["True", "true", "1", "TRUE"])
def test_debug_can_be_said_in_some_ways(value: str) -> None:
    assert load_settings(Path("/nowhere"), {"FLASK_DEBUG": value}).flask_debug


def test_the_defaults_are_those_of_the_contract() -> None:
    settings = Settings()
    assert settings.port == 5_000
    assert not settings.flask_debug
    assert not settings.redis_url
    assert settings.max_message_length == 2_000
    assert settings.max_signal_bytes == 32 * 1_024
    assert settings.max_body_bytes == 64 * 1_024
    assert settings.reconnect_grace == 15
    assert settings.rest_lease == 30
    assert settings.idle_timeout == 30 * 60
    assert settings.ended_retention == 60
    assert settings.ping_interval + settings.ping_timeout < 15


class TestTheExample:
    TEXT = (ROOT / ".env.example").read_text()

    def test_it_has_every_setting_and_nothing_else(self) -> None:
        named = re.findall(r"^(?:# ?)?([A-Za-z_]+)=", self.TEXT, re.MULTILINE)
        assert set(named) == set(NAMES)

    def test_its_values_are_the_defaults_but_for_those_of_debugging(self, tmp_path: Path) -> None:
        (tmp_path / ".env").write_text(self.TEXT)
        example, default = load_settings(tmp_path, {}), Settings()
        different = {
            name
            for name in Settings.__struct_fields__
            if getattr(example, name) != getattr(default, name)
        }
        assert different == {"secret_key", "flask_debug"}
        assert example.flask_debug

    def test_it_serves_as_it_is(self, tmp_path: Path) -> None:
        (tmp_path / ".env").write_text(self.TEXT)
        port = free_port()
        with subprocess.Popen(
            RUN, cwd=tmp_path, env=environment(PORT=str(port)), stdout=subprocess.DEVNULL
        ) as process:
            try:
                wait_for(lambda: answers(port), "an answer", timeout=30)
            finally:
                process.terminate()
        assert process.returncode == 0


def answers(port: int) -> bool:
    try:
        return requests.get(f"http://localhost:{port}", timeout=5).ok
    except requests.ConnectionError:
        return False
