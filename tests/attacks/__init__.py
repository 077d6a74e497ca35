"""What an attacker would try, each case with the answer that it must get: see RESULTS.md."""

from __future__ import annotations
