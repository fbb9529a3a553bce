"""Parquet files, also inside .gz."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.core.errors import DataError
from bakeoff.core.hashing import hash_file
from bakeoff.data.readers.base import RawTable, read_bytes
from bakeoff.data.readers.cells import normalise

if TYPE_CHECKING:
    import pyarrow as pa


def read(source: str | Path, location: str) -> RawTable:
    """Read a Parquet file.

    Raises:
        DataError: It is empty or damaged.
    """
    path = Path(source)
    table, kinds = normalise(_read_table(path, location))
    if table.num_rows == 0:
        raise DataError(f"{path.name} has columns and no rows", where=location)
    return RawTable(
        table,
        np.arange(table.num_rows, dtype=np.int64),
        table.num_rows,
        hash_file(path),
        kinds=kinds,
        folder=path.resolve().parent,
    )


def _read_table(path: Path, location: str) -> pa.Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    content = read_bytes(path)
    try:
        return pq.ParquetFile(io.BytesIO(content)).read()
    except (pa.ArrowException, OSError) as error:
        raise DataError(
            f"{path.name} is not a whole Parquet file",
            where=location,
            why=str(error).splitlines()[0],
            fix="copy or write it again",
        ) from error
