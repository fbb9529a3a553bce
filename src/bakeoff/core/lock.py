"""One run at a time on a folder: a lock that ends with the process that holds it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from typing import TYPE_CHECKING

from bakeoff.core.errors import RunFolderError
from bakeoff.core.files import storage_errors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextlib.contextmanager
def folder_lock(folder: Path, *, patience_s: float = 5.0) -> Iterator[int]:
    """Hold the folder's lock; yields its file descriptor.

    Workers inherit the descriptor, so the folder stays locked until the last worker of a killed
    driver has gone, and none of them can write into a run that has been resumed.

    Args:
        folder: The run folder.
        patience_s: How long to wait when the process that took the lock is dead but its workers
            are still on their way out.

    Raises:
        RunFolderError: Another run is using the folder.
    """
    path = folder / ".lock"
    with storage_errors(path):
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        deadline = time.monotonic() + patience_s
        while not _try_lock(descriptor):
            holder = _holder(descriptor)
            if _is_alive(holder) or time.monotonic() > deadline:
                raise RunFolderError(
                    f"another run is using {folder}" + (f" (process {holder})" if holder else ""),
                    fix="wait for it, or name another folder with --out",
                )
            time.sleep(0.05)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(descriptor: int) -> int | None:
    text = os.pread(descriptor, 32, 0).decode(errors="replace").strip()
    return int(text) if text.isdigit() else None


def _is_alive(process: int | None) -> bool:
    if process is None:
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
