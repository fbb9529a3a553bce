"""The fingerprint: SHA-256 over the content of all rows, columns and parts, not over file bytes.

The same data by CSV, Parquet or pandas has the same fingerprint where the columns get the same
types. The order of rows and columns counts; an empty text and a missing one do not differ, since
CSV cannot tell them apart.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bakeoff.data.columns import Column


def fingerprint(table: pa.Table, columns: Sequence[Column], part: NDArray[np.str_]) -> str:
    """Return the SHA-256 of typed content.

    Args:
        table: ``n`` rows as `bakeoff.data.convert` makes them.
        columns: Name and type of each column of the table.
        part: ``(n,)``, str: the part of each row.
    """
    digest = hashlib.sha256()
    for name in np.unique(part):
        positions = np.flatnonzero(part == name)
        _update(digest, f"part:{name}:{len(positions)}".encode())
        rows = table if len(positions) == table.num_rows else table.take(positions)
        for column in columns:
            _update(digest, f"column:{column.type}:{column.name}".encode())
            for piece in _content(rows[column.name]):
                _update(digest, piece)
    return digest.hexdigest()


def _update(digest: hashlib._Hash, data: bytes | memoryview) -> None:
    digest.update(len(data).to_bytes(8, "big"))
    digest.update(data)


def _content(column: pa.ChunkedArray) -> list[bytes | memoryview]:
    """Return a column's content as bytes that do not depend on how Arrow laid it out."""
    if pa.types.is_temporal(column.type):
        column = column.cast(pa.timestamp("us")).cast(pa.int64())
        filled = pc.fill_null(column, np.iinfo(np.int64).min)
        return [np.ascontiguousarray(filled.to_numpy(), "<i8").tobytes()]
    if pa.types.is_floating(column.type):
        # + 0.0 makes -0.0 and 0.0 one value.
        numbers = pc.fill_null(column, float("nan")).to_numpy() + 0.0
        numbers[np.isnan(numbers)] = np.nan
        return [np.ascontiguousarray(numbers, "<f8").tobytes()]
    lengths = pc.fill_null(pc.binary_length(column), -1).to_numpy()
    empty = b"" if pa.types.is_large_binary(column.type) else ""
    pieces: list[bytes | memoryview] = [np.ascontiguousarray(lengths, "<i8").tobytes()]
    for chunk in pc.fill_null(column, empty).chunks:
        offsets, data = chunk.buffers()[1:3]
        if data is None:
            continue
        bounds = np.frombuffer(offsets, dtype=np.int64)[
            chunk.offset : chunk.offset + len(chunk) + 1
        ]
        pieces.append(memoryview(data)[bounds[0] : bounds[-1]])
    # One piece for all chunks: how a column is cut into chunks must not show.
    return [pieces[0], b"".join(pieces[1:])]
