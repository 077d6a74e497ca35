"""What is refused at the start, because it would be broken in silence later."""

from __future__ import annotations

import json
import signal
import socket

import pytest

from bench.environments import eventlet_python, runtime_python
from tests.conftest import Launch
from tests.harness.clients import wait_for
from tests.harness.servers import STACKS, gunicorn
from tests.runtime.programs import CALM, RUN, run

GUNICORNS = ["gunicorn-gevent", "gunicorn-eventlet"]


def complaint(output: str) -> str:
    """The one line of ours among those of gunicorn and of the libraries."""
    (line,) = [line for line in output.splitlines() if line.startswith("rendezvous:")]
    return line


def test_a_missing_secret_key_is_replaced_with_a_warning(launch: Launch) -> None:
    server = launch("run.py", SECRET_KEY="")
    (warning,) = [line for line in server.log().splitlines() if "SECRET_KEY" in line]
    assert json.loads(warning)["level"] == "warning"
    assert "random" in warning


def test_letting_every_page_in_is_worth_a_warning(launch: Launch) -> None:
    server = launch("run.py", CORS_ORIGINS="*")
    assert [line for line in server.log().splitlines() if "CORS_ORIGINS" in line]


def test_a_port_in_use_is_told_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        completed = run(RUN, {**CALM, "PORT": port})
    assert completed.returncode != 0
    (line,) = completed.stdout.splitlines()
    assert port in line
    assert "in use" in line


def test_the_application_refuses_an_interpreter_without_green_threads() -> None:
    completed = run([runtime_python(), "-c", "import app"], CALM)
    assert completed.returncode != 0
    (line,) = completed.stdout.splitlines()
    assert "run.py" in line
    assert "gunicorn" in line


@pytest.mark.parametrize("worker", ["sync", "gthread"])
def test_a_worker_without_green_threads_is_refused(worker: str) -> None:
    completed = run(gunicorn(runtime_python(), worker, 0), CALM)
    assert completed.returncode != 0
    assert "--worker-class gevent" in complaint(completed.stdout)
    assert "Traceback" not in completed.stdout


@pytest.mark.parametrize("stack", GUNICORNS)
def test_two_workers_are_refused(stack: str) -> None:
    line = [*STACKS[stack](0), "-w", "2"]
    completed = run(line, CALM)
    assert completed.returncode != 0
    assert "2 workers need REDIS_URL" in complaint(completed.stdout)
    assert "Traceback" not in completed.stdout
    assert "Listening" not in completed.stdout


@pytest.mark.parametrize("python", [runtime_python, eventlet_python])
def test_two_workers_by_the_environment_are_refused(python: object) -> None:
    assert callable(python)
    worker = "eventlet" if python is eventlet_python else "gevent"
    line = gunicorn(python(), worker, 0)
    line[line.index("-w") : line.index("-w") + 2] = []
    completed = run(line, {**CALM, "WEB_CONCURRENCY": "2"})
    assert completed.returncode != 0
    assert "2 workers need REDIS_URL" in complaint(completed.stdout)


def test_two_workers_of_run_py_are_refused_in_one_line() -> None:
    completed = run([*RUN, "--workers", "2"], CALM)
    assert completed.returncode == 1
    (line,) = completed.stdout.splitlines()
    assert "2 workers need REDIS_URL" in line


@pytest.mark.parametrize("words", ["--workers 0", "--workers many", "--workers 2 --demo"])
def test_workers_that_cannot_be_are_refused(words: str) -> None:
    completed = run([*RUN, *words.split()], CALM)
    assert completed.returncode == 2
    assert "--workers" in completed.stdout
    assert "Traceback" not in completed.stdout


@pytest.mark.parametrize("stack", GUNICORNS)
def test_a_bad_setting_stops_gunicorn_too(stack: str) -> None:
    completed = run(STACKS[stack](0), {**CALM, "RECONNECT_GRACE": "soon"})
    assert completed.returncode != 0
    assert "RECONNECT_GRACE" in complaint(completed.stdout)
    assert "Traceback" not in completed.stdout


@pytest.mark.parametrize("stack", GUNICORNS)
def test_a_second_worker_cannot_be_asked_for_later(launch: Launch, stack: str) -> None:
    server = launch(stack)
    server.process.send_signal(signal.SIGTTIN)
    wait_for(lambda: "Staying at one worker" in server.log(), "the refusal")
    assert len(server.children()) == 1
    assert server.health()["status"] == "healthy"
