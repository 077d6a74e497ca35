"""What the server says of itself is well-formed, complete and true."""

from __future__ import annotations
