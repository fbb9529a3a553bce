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


@pytest.mark.skipif(
    not Path("/proc/self/fd").exists(), reason="this system does not say where a folder stands"
)
def test_a_path_that_starts_from_an_open_folder_is_resolved(tmp_path, monkeypatch):
    (tmp_path / "inner").mkdir()
    (tmp_path / "file").write_text("x")
    monkeypatch.chdir(tmp_path / "inner")
    folder = os.open(tmp_path, os.O_RDONLY)
    with written_paths() as paths:
        os.unlink("file", dir_fd=folder)
        os.mkdir("made", dir_fd=folder)
    os.close(folder)
    assert paths == [str(tmp_path / "file"), str(tmp_path / "made")]


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
