"""Reports on the disk: none is lost, none is read by others, and they are not without number."""

from __future__ import annotations

from pathlib import Path

import pytest

from rendezvous.moderation.directory import kept_secret, prepare_directory
from rendezvous.moderation.spool import Spool
from rendezvous.refusals import Refused
from tests.moderation.papers import filed


def test_what_is_put_waits_until_it_is_done(tmp_path: Path) -> None:
    spool, paper = Spool(tmp_path, 10), filed(screenshot=b"\xff\xd8\x00")
    spool.put(paper)
    assert list(Spool(tmp_path, 10).waiting()) == [paper]
    spool.done(paper)
    spool.done(paper)
    assert not len(spool)


def test_it_is_full_at_some_point(tmp_path: Path) -> None:
    spool = Spool(tmp_path, 2)
    spool.put(filed())
    spool.put(filed())
    with pytest.raises(Refused, match="unavailable"):
        spool.put(filed())


def test_a_broken_file_does_not_hold_up_the_others(tmp_path: Path) -> None:
    spool, paper = Spool(tmp_path, 10), filed()
    (tmp_path / "A.json").write_text("{")
    spool.put(paper)
    assert list(spool.waiting()) == [paper]
    assert (tmp_path / "A.broken").exists()


def test_nobody_else_may_read_them(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool", 10)
    spool.put(filed())
    (file,) = (tmp_path / "spool").iterdir()
    assert file.stat().st_mode & 0o077 == 0
    assert file.parent.stat().st_mode & 0o077 == 0


def test_the_secret_is_the_same_at_every_start(tmp_path: Path) -> None:
    directory = tmp_path / "data"
    prepare_directory(directory)
    assert kept_secret(directory) == kept_secret(directory)
    assert len(kept_secret(directory)) == 64
    assert (directory / "secret_key").stat().st_mode & 0o077 == 0
    assert [each.name for each in directory.iterdir()] == ["secret_key"]
