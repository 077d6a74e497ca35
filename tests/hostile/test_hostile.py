"""Each attack, and what an honest pair on the same server feels of it.

`pytest -rP` shows the figures; they are also in `hostile.md` in pytest's temporary folder.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Launch
from tests.harness.logs import Watch
from tests.harness.servers import Server
from tests.hostile.__main__ import FAMILIES
from tests.hostile.effects import HEAD, MOST_DELAY, MOST_MEMORY, NOISY, SETTINGS, Effect, measure
from tests.hostile.pair import Pair
from tests.hostile.rogues import ATTACKS, Attack

assert FAMILIES, "without which ATTACKS would be empty"


@pytest.fixture(scope="module")
def target(launch: Launch) -> Server:
    return launch("run.py", **SETTINGS)


@pytest.fixture(scope="module")
def pair(target: Server) -> Iterator[Pair]:
    with Pair(target.url) as pair:
        yield pair


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.getbasetemp() / "hostile.md"
    path.write_text(f"{HEAD}\n")
    return path


@pytest.mark.parametrize("attack", ATTACKS, ids=[attack.name for attack in ATTACKS])
def test_an_attack_is_not_felt_by_others_and_leaves_nothing(
    target: Server, pair: Pair, table: Path, attack: Attack
) -> None:
    log = Watch(target)
    effect = measured(target, pair, attack)
    with table.open("a") as lines:
        lines.write(f"{effect}\n")
    print(HEAD, effect, sep="\n")  # noqa: T201 - for whoever asks pytest for it
    log.must_be_calm()
    assert effect.added <= MOST_DELAY, effect
    assert effect.memory_each <= MOST_MEMORY, effect
    assert not effect.leaks, effect


def measured(target: Server, pair: Pair, attack: Attack) -> Effect:
    """The figures, taken once more if the machine was too busy to say anything."""
    effect = measure(target, pair, attack)
    return measure(target, pair, attack) if effect.without.median > NOISY else effect
