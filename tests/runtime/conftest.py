"""Servers for one module each, because hardly two tests here want the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import Launch, launching


@pytest.fixture(scope="module")
def launch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launch]:
    """Start a server that is stopped at the end of the module."""
    yield from launching(tmp_path_factory)
