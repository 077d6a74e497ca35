"""Hypothesis reads the OpenAPI document and tries to catch the server at something else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.harness.logs import Watch
from tests.harness.servers import ROOT, Server

Json = dict[str, Any]
TRIES = 3  # because it is up to chance, in a random walk, whether it comes by all of the links
CONFIG = Path(__file__).with_name("schemathesis.toml")
SESSION_ID = "$response.body#/session_id"  # an OpenAPI runtime expression
IN_QUERY = {"session_id": SESSION_ID}


def with_links(openapi: Json) -> Json:
    """The document, and that what a start returns is what the other calls ask for."""
    document: Json = json.loads(json.dumps(openapi))
    for path in ("/start", "/start_video"):
        document["paths"][path]["post"]["responses"]["200"]["links"] = {
            name: {"operationId": name, "requestBody": {"session_id": SESSION_ID}}
            for name in ("send", "receive", "disconnect")
        } | {"ice_servers": {"operationId": "ice_servers", "parameters": IN_QUERY}}
    return document


def test_schemathesis_finds_nothing(described: Server, openapi: Json, tmp_path: Path) -> None:
    document = tmp_path / "openapi.json"
    document.write_text(json.dumps(with_links(openapi)))
    watch = Watch(described)
    command = [
        *(str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(CONFIG)),
        *("run", str(document), "--url", described.url),
        *("--checks", "all", "--mode", "all", "--max-examples", "60"),
        *("--request-timeout", "40", "--no-color", "--continue-on-failure"),
    ]
    hooked = {
        **os.environ,
        "SCHEMATHESIS_HOOKS": "tests.documents.patience",
        "PYTHONPATH": str(ROOT),
    }
    for _ in range(TRIES):
        # In a directory of its own, because it writes down what it has found.
        run = subprocess.run(
            command, cwd=tmp_path, env=hooked, capture_output=True, text=True, check=False
        )
        assert run.returncode == 0, run.stdout + run.stderr
        if "API Links:    8 covered" in run.stdout:
            break
    assert "API Links:    8 covered" in run.stdout, run.stdout
    watch.must_be_calm()
