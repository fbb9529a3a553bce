"""Files appear whole or not at all: temporary name, fsync, rename, fsync of the folder."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from typing import TYPE_CHECKING

from bakeoff.core.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_REFUSED = (errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOENT, errno.ENAMETOOLONG)
_TEMPORARY = ".tmp"


@contextlib.contextmanager
def storage_errors(path: Path, *, size_bytes: int | None = None) -> Iterator[None]:
    """Turn a disk that is full or cannot be written into a `StorageError` that names the path.

    Raises:
        StorageError: The block raised an ``OSError`` because the disk is full or read-only, or
            because no such file can stand there.
    """
    try:
        yield
    except OSError as error:
        if error.errno in (errno.EEXIST, errno.ENOTDIR, errno.EISDIR):
            raise StorageError(
                f"cannot write {path}: {os.strerror(error.errno)}",
                where=str(error.filename or path),
                why="a file stands where a folder is needed, or a folder where a file is",
                fix="choose another place",
            ) from error
        if error.errno not in (*DISK_FULL, *_REFUSED):
            raise
        needed = "" if size_bytes is None else f" ({size_bytes:,} bytes were needed)"
        raise StorageError(
            f"cannot write {path}{needed}: {os.strerror(error.errno)}",
            where=str(path),
            why="what was finished before is kept",
            fix="free some space or choose another folder, then run the same command again",
        ) from error


def sync_folder(folder: Path) -> None:
    """Make the names in ``folder`` durable (a no-op where folders cannot be opened)."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_atomic(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path`` so that a reader sees the old file or the new one, never a part.

    Raises:
        StorageError: The disk is full or cannot be written; the old file is untouched.
    """
    with storage_errors(path, size_bytes=len(data)):
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}{_TEMPORARY}")
        # Not tempfile: its files are for the owner alone, whatever the user's umask says.
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        try:
            with os.fdopen(descriptor, "wb") as handle:
                handle.write(data)
                handle.flush()
                os.fsync(handle.fileno())
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)


def remove_temporaries(folder: Path) -> int:
    """Remove what `write_atomic` left in ``folder`` when it was killed; return how many there were.

    Only for a folder that no other process writes into at this time.
    """
    left = [path for path in folder.iterdir() if is_temporary(path)]
    for path in left:
        path.unlink()
    return len(left)


def is_temporary(path: Path) -> bool:
    """Return whether `write_atomic` made this file and did not come to its end."""
    return path.name.startswith(".") and path.suffix == _TEMPORARY and path.is_file()
