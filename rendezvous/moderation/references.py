"""Names for reports and bans, which nobody can guess: whoever has one may ask about it."""

from __future__ import annotations

import secrets
from base64 import b32encode

REFERENCE_BYTES = 10  # 80 random bits, 16 characters


def new_reference() -> str:
    """Another one."""
    return b32encode(secrets.token_bytes(REFERENCE_BYTES)).decode()
