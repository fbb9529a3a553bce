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
    "os.mkdir": (0,),
    "os.remove": (0,),
    "os.rmdir": (0,),
    "os.truncate": (0,),
    "os.rename": (0, 1),
    "os.link": (1,),
    "os.symlink": (1,),
}
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
        candidates: list[object] = [path]
    elif event in _PATH_ARGUMENTS:
        candidates = [arguments[position] for position in _PATH_ARGUMENTS[event]]
    else:
        return
    for candidate in candidates:
        if isinstance(candidate, str | bytes | os.PathLike):
            name = str(Path(os.fsdecode(candidate)).absolute())
            if not name.startswith(("/dev/", "/proc/")) and "__pycache__" not in name:
                for paths in _touched:
                    paths.append(name)
