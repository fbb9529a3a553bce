"""Files that appear whole or not at all."""

from __future__ import annotations

import errno
import os
import stat

import pytest

from bakeoff.core import files
from bakeoff.core.errors import StorageError
from bakeoff.core.files import remove_temporaries, storage_errors, write_atomic


class Killed(BaseException):
    """Stands for the end of the process."""


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_written_and_replaced(tmp_path):
    target = tmp_path / "new" / "file"
    write_atomic(target, b"one")
    write_atomic(target, b"two")
    assert target.read_bytes() == b"two"
    assert [p.name for p in target.parent.iterdir()] == ["file"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS])
def test_a_disk_that_cannot_be_written_keeps_the_old_file(tmp_path, monkeypatch, step, number):
    target = tmp_path / "file"
    write_atomic(target, b"old")

    def fail(*args, **kwargs):
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(files.os if step == "fsync" else type(target), step, fail)
        with pytest.raises(StorageError) as caught:
            write_atomic(target, b"a longer new one")
    assert str(target) in str(caught.value)
    assert "16 bytes" in str(caught.value)
    assert caught.value.exit_code == 1
    assert target.read_bytes() == b"old"
    assert names_in(tmp_path) == ["file"]
    write_atomic(target, b"new")
    assert target.read_bytes() == b"new"


def test_other_errors_pass_as_they_are(tmp_path):
    with pytest.raises(OSError, match="Input/output"), storage_errors(tmp_path):
        raise OSError(errno.EIO, os.strerror(errno.EIO))


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_write_that_is_killed_leaves_the_old_file_and_can_be_swept(tmp_path, monkeypatch, step):
    target = tmp_path / "file"
    write_atomic(target, b"old")

    def die(*args, **kwargs):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(files.os if step == "fsync" else type(target), step, die)
        # After a kill nobody cleans up.
        patch.setattr(type(target), "unlink", lambda *args, **kwargs: None)
        with pytest.raises(Killed):
            write_atomic(target, b"new")
    assert target.read_bytes() == b"old"
    (tmp_path / "notes.tmp").write_text("the user's own")
    assert remove_temporaries(tmp_path) == 1
    assert names_in(tmp_path) == ["file", "notes.tmp"]


def test_the_umask_of_the_user_holds(tmp_path):
    before = os.umask(0o027)
    try:
        write_atomic(tmp_path / "file", b"")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o640
