"""Watches what a block of code writes, and where: through Python's audit events.

Files that compiled code opens by itself raise no event; the checks look into the folders where
these would land as well.
"""

from __future__ import annotations

import contextlib
import os
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_PATH_ARGUMENTS = {
    "os.mkdir": ((0, 2),),
    "os.remove": ((0, 1),),
    "os.rmdir": ((0, 1),),
    "os.truncate": ((0, None),),
    "os.rename": ((0, 2), (1, 3)),
    "os.link": ((1, 3),),
    "os.symlink": ((1, 2),),
}
"""Event -> positions of each path and of the open folder (-1: the working one) it starts from."""
_touched: list[list[str]] = []
"""One list for each watch in progress; an audit hook cannot be taken away, so it may find none."""


@contextlib.contextmanager
def written_paths() -> Iterator[list[str]]:
    """Collect the absolute paths that are opened for writing, made, moved or removed meanwhile.

    Left out are devices and the byte code that an import leaves behind.
    """
    _install()
    paths: list[str] = []
    _touched.append(paths)
    try:
        yield paths
    finally:
        _touched.remove(paths)


@cache
def _install() -> None:
    sys.addaudithook(_note)


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if not _touched:
        return
    if event == "open":
        path, _, flags = arguments
        if not (isinstance(flags, int) and flags & _WRITING):
            return
        candidates: list[tuple[object, object]] = [(path, -1)]
    elif event in _PATH_ARGUMENTS:
        candidates = [
            (arguments[at], -1 if folder is None else arguments[folder])
            for at, folder in _PATH_ARGUMENTS[event]
        ]
    else:
        return
    for candidate, folder in candidates:
        if isinstance(candidate, str | bytes | os.PathLike):
            name = str(_base(folder) / os.fsdecode(candidate))
            if not name.startswith(("/dev/", "/proc/")) and "__pycache__" not in name:
                for paths in _touched:
                    paths.append(name)


def _base(folder: object) -> Path:
    """Return the folder that a relative path starts from."""
    link = Path(f"/proc/self/fd/{folder}")
    return link.readlink() if folder != -1 and link.exists() else Path.cwd()
