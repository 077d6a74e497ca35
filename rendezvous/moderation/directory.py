"""The directory that the server may write to, and the secret that it keeps there if need be."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

FILE = "secret_key"
SECRET_BYTES = 32


def prepare_directory(directory: Path) -> None:
    """Make it, for nobody else to read. Raises OSError if it cannot be written to."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    probe = directory / f".probe-{os.getpid()}"
    probe.touch()
    probe.unlink()


def kept_secret(directory: Path) -> str:
    """A random secret, the same at every start and for every worker. Raises OSError."""
    path = directory / FILE
    draft = directory / f".{FILE}-{os.getpid()}"
    if not path.exists():
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_hex(SECRET_BYTES))
        try:
            path.hardlink_to(draft)  # which, unlike a rename, replaces nothing
        except FileExistsError:
            pass  # another worker was quicker
        draft.unlink()
    return path.read_text().strip()
