"""One run at a time on a folder: a lock that ends with the processes that hold it."""

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

LOCK_FILES = _DRIVER, _WORKERS = ".lock", ".workers"


@contextlib.contextmanager
def folder_lock(folder: Path, *, patience_s: float = 10.0) -> Iterator[None]:
    """Hold the folder for one driver, once the workers of a killed one have gone.

    Args:
        folder: The run folder; made if it is absent.
        patience_s: How long to wait for workers of a driver that was killed; they end by
            themselves as soon as they notice.

    Raises:
        RunFolderError: Another run is using the folder.
    """
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        driver = os.open(folder / _DRIVER, os.O_RDWR | os.O_CREAT, 0o644)
        workers = os.open(folder / _WORKERS, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if not _try_lock(driver):
            holder = os.pread(driver, 32, 0).decode(errors="replace").strip()
            raise RunFolderError(
                f"another run is using {folder}" + (f" (process {holder})" if holder else ""),
                fix="wait for it, or name another folder with --out",
            )
        os.ftruncate(driver, 0)
        os.pwrite(driver, str(os.getpid()).encode(), 0)
        deadline = time.monotonic() + patience_s
        while not _try_lock(workers):
            if time.monotonic() > deadline:
                raise RunFolderError(
                    f"workers of an earlier run are still using {folder}",
                    fix="end these processes (bakeoff.protocol.engines.worker), then run it again",
                )
            time.sleep(0.05)
        fcntl.flock(workers, fcntl.LOCK_UN)
        yield
    finally:
        os.close(driver)
        os.close(workers)


def join_lock(folder: Path) -> None:
    """Mark this process as a worker of the folder's run, until it ends.

    No later run starts on the folder before this process is gone, so a worker that outlives its
    driver cannot write into a run that has been resumed.
    """
    descriptor = os.open(folder / _WORKERS, os.O_RDWR | os.O_CREAT, 0o644)
    fcntl.flock(descriptor, fcntl.LOCK_SH)


@contextlib.contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Wait until no other process holds ``path``, then hold it; it is freed when a holder dies.

    Raises:
        StorageError: The file cannot be made.
    """
    with storage_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
