from __future__ import annotations

import os
from pathlib import Path

import pytest

from bakeoff.testing.watch import written_paths


@pytest.mark.parametrize(
    "write",
    [
        lambda path: path.write_text("x"),
        lambda path: path.mkdir(),
        lambda path: os.close(os.open(path, os.O_CREAT | os.O_WRONLY)),
        lambda path: (path.parent / "old").rename(path),
        lambda path: path.symlink_to(path.parent / "old"),
    ],
    ids=["write", "mkdir", "os.open", "rename", "symlink"],
)
def test_whatever_is_written_is_seen(tmp_path, monkeypatch, write):
    (tmp_path / "old").write_text("x")
    monkeypatch.chdir(tmp_path)
    with written_paths() as paths:
        write(Path("new"))
    assert str(tmp_path / "new") in paths


def test_reading_and_what_comes_later_is_not(tmp_path):
    path = tmp_path / "file"
    path.write_text("x")
    with written_paths() as paths:
        path.read_text()
        path.stat()
    path.write_text("y")
    assert paths == []


def test_watches_can_be_nested(tmp_path):
    with written_paths() as outer, written_paths() as inner:
        (tmp_path / "file").write_text("x")
    assert outer == inner == [str(tmp_path / "file")]
