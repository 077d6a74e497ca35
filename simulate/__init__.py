"""Crowds of made-up people, run through the real policy, to see how well it introduces them."""

from __future__ import annotations
