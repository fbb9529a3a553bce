"""A content-addressed store on disk, outside the run folder, safe for many processes.

A value is written whole under the SHA-256 of its key and never changed, so readers need no lock:
two writers of one key write the same content. Each value carries its own hash; one that does not
fit it is treated as absent and written again.
"""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bakeoff.core.files import write_atomic
from bakeoff.core.hashing import hash_bytes, hash_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_DIGEST_SIZE = 64


def default_root() -> Path:
    """Return ``$BAKEOFF_CACHE``, else ``bakeoff`` in the user's cache folder."""
    named = os.environ.get("BAKEOFF_CACHE")
    if named:
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "bakeoff"


@dataclass(frozen=True, slots=True)
class Store:
    """Values under content-addressed keys.

    Args:
        root: Folder of the store; made when first written to.
        room: Name of the part of the store, for example ``"features"``.
        keep: False: nothing is found and nothing kept, so that what a prediction really takes can
            be measured.
    """

    root: Path
    room: str
    keep: bool = True

    def path(self, key: object) -> Path:
        """Return where the value of a JSON-like ``key`` stands or would stand."""
        digest = hash_value(key)
        return self.root / self.room / digest[:2] / digest

    def get(self, key: object) -> bytes | None:
        """Return the value, or None if it is absent or does not fit its own hash."""
        if not self.keep:
            return None
        try:
            content = self.path(key).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        digest, value = content[:_DIGEST_SIZE], content[_DIGEST_SIZE:]
        return value if hash_bytes(value).encode() == digest else None

    def put(self, key: object, value: bytes) -> None:
        """Keep ``value`` durably.

        Raises:
            StorageError: The disk is full or cannot be written.
        """
        if self.keep:
            write_atomic(self.path(key), hash_bytes(value).encode() + value)

    def get_array(self, key: object) -> NDArray[Any] | None:
        """Return an array kept by `put_array`, or None."""
        value = self.get(key)
        return None if value is None else np.load(io.BytesIO(value), allow_pickle=False)

    def put_array(self, key: object, array: NDArray[Any]) -> None:
        """Keep a numeric array in numpy's own format (no objects, no pickle)."""
        buffer = io.BytesIO()
        np.save(buffer, array, allow_pickle=False)
        self.put(key, buffer.getvalue())

    def array(self, key: object, make: Callable[[], NDArray[Any]]) -> NDArray[Any]:
        """Return the array under ``key``, made and kept if it is absent."""
        found = self.get_array(key)
        if found is None:
            found = make()
            self.put_array(key, found)
        return found
