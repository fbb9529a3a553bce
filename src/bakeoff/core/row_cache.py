"""Transforms of single rows, made once for all folds, seeds, workers and runs.

A frozen encoder gives a row the same features wherever the row stands, so they are kept under the
row's own content: the training rows of one fold are the test rows of another.
"""

from __future__ import annotations

import io
import os
import time
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.core.files import write_atomic
from bakeoff.core.hashing import hash_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from bakeoff.core.store import Store

CACHED_CPU_S = "cached_cpu_s"
"""Unit under which a meter counts the CPU-seconds that cached rows once took."""

CHUNK_ROWS = 512
_GOLDEN = 0.6180339887


@dataclass(frozen=True, slots=True)
class CachedRows:
    """Transformed rows.

    Args:
        values: ``(n, width)``, float32, in the order asked for.
        cached_cpu_s: CPU-seconds that those of them took, once, which were found in the store.
    """

    values: NDArray[np.float32]
    cached_cpu_s: float


@dataclass(frozen=True, slots=True)
class RowCache:
    """Rows under one model and its settings.

    Args:
        store: Where they are kept; shared by all processes.
        key: JSON-like: the model's hash and every setting that changes a value.
        width: Numbers a row.
    """

    store: Store
    key: object
    width: int

    def rows(
        self,
        keys: Sequence[str],
        make: Callable[[NDArray[np.int64]], NDArray[np.float32]],
        order: NDArray[np.int64] | None = None,
    ) -> CachedRows:
        """Return the rows under ``keys``, those that are absent made and kept.

        Processes that need the same rows at the same time share the work without waiting for
        one another: each begins elsewhere, and looks again for what others made before each chunk.

        Args:
            keys: ``n`` SHA-256, of the rows' content (see `data.inputs.Inputs.keys`).
            make: Given positions in ``keys``, returns ``(len(positions), width)``, float32. A
                row's values may depend on that row alone, to the last bit.
            order: ``(n,)``, int64: positions in the order in which ``make`` likes them (texts by
                length); None: as they stand.

        Raises:
            StorageError: The disk is full or cannot be written.
        """
        known, seconds, seen = self._read(set())
        if order is None:
            order = np.arange(len(keys), dtype=np.int64)
        fresh: set[str] = set()
        for chunk in _chunks([int(i) for i in order if keys[i] not in known], keys):
            found, more, seen = self._read(seen)
            known |= found
            seconds |= more
            wanted = np.array([i for i in chunk if keys[i] not in known], dtype=np.int64)
            if len(wanted) == 0:
                continue
            started = time.process_time()
            values = np.ascontiguousarray(make(wanted), dtype=np.float32)
            each = (time.process_time() - started) / len(wanted)
            names = [keys[i] for i in wanted]
            self._write(names, values, each)
            known |= dict(zip(names, values, strict=True))
            fresh |= set(names)
        values = np.empty((len(keys), self.width), dtype=np.float32)
        for position, key in enumerate(keys):
            values[position] = known[key]
        used = set(keys) - fresh
        return CachedRows(values, sum(seconds.get(key, 0.0) for key in used))

    def _folder(self) -> Path:
        path = self.store.path(self.key)
        return path.with_name(path.name + ".rows")

    def _read(
        self, seen: set[str]
    ) -> tuple[dict[str, NDArray[np.float32]], dict[str, float], set[str]]:
        """Return rows and their CPU-seconds from the files not yet ``seen``, and all file names."""
        rows: dict[str, NDArray[np.float32]] = {}
        seconds: dict[str, float] = {}
        folder = self._folder()
        if not self.store.keep or not folder.is_dir():
            return rows, seconds, seen
        names = {path.name for path in folder.glob("*.npz")}
        for name in sorted(names - seen):
            for key, value, each in _read_file(folder / name, self.width):
                rows[key], seconds[key] = value, each
        return rows, seconds, names

    def _write(self, keys: Sequence[str], values: NDArray[np.float32], cpu_s: float) -> None:
        if not self.store.keep:
            return
        buffer = io.BytesIO()
        digests = np.frombuffer(bytes.fromhex("".join(keys)), dtype=np.uint8).reshape(-1, 32)
        np.savez(buffer, keys=digests, values=values, cpu_s=np.float64(cpu_s))
        data = buffer.getvalue()
        write_atomic(self._folder() / f"{hash_bytes(data)}.npz", data)


def _read_file(path: Path, width: int) -> Iterator[tuple[str, NDArray[np.float32], float]]:
    """Yield key, values and CPU-seconds; nothing from a file whose name is not its hash."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return
    if hash_bytes(data) != path.stem:
        return
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as content:
            keys, values, each = content["keys"], content["values"], float(content["cpu_s"])
    except (ValueError, KeyError, zipfile.BadZipFile):
        return
    if values.shape != (len(keys), width):
        return
    for key, value in zip(keys, values, strict=True):
        yield key.tobytes().hex(), value, each


def _chunks(positions: list[int], keys: Sequence[str]) -> list[list[int]]:
    """Return the positions in chunks, each key once, beginning at a place of this process."""
    first = {keys[i]: i for i in reversed(positions)}
    kept = [i for i in positions if first[keys[i]] == i]
    chunks = [kept[i : i + CHUNK_ROWS] for i in range(0, len(kept), CHUNK_ROWS)]
    begin = int(os.getpid() * _GOLDEN % 1 * len(chunks))
    return chunks[begin:] + chunks[:begin]
