"""Tables that are already in memory: pandas, polars, Arrow, ``datasets``; none is imported here."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pyarrow as pa

from bakeoff.core.errors import DataError, UsageError
from bakeoff.data.columns import Column, ColumnType
from bakeoff.data.readers.base import RawTable
from bakeoff.data.readers.cells import column_of, content_hash, normalise


def read_pandas(source: Any, location: str) -> RawTable:
    """Read a ``pandas.DataFrame``; its index is left out.

    Raises:
        UsageError: It is another pandas object.
        DataError: It has no rows, or a column name twice.
    """
    if not hasattr(source, "columns"):
        raise _not_a_table(source, "frame.to_frame() or a DataFrame")
    names = [str(name) for name in source.columns]
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise DataError(
            f"the {location} names a column twice: '{twice[0]}'", fix="give each its own name"
        )
    columns, mixed, known = [], {}, {}
    for position, name in enumerate(names):
        series = source.iloc[:, position]
        if str(series.dtype) == "category":
            known[name] = Column(name, ColumnType.CATEGORY, "declared as categories")
        if series.dtype == object:
            array, mixed[name] = column_of(series.tolist())
        else:
            array = pa.array(series, from_pandas=True)
        columns.append(_chunked(array))
    return _raw(pa.table(columns, names=names), location, mixed, known)


def read_polars(source: Any, location: str) -> RawTable:
    """Read a ``polars.DataFrame`` or ``LazyFrame``.

    Raises:
        UsageError: It is another polars object.
        DataError: It has no rows.
    """
    frame = source.collect() if hasattr(source, "collect") else source
    if not hasattr(frame, "columns"):
        raise _not_a_table(source, "a polars DataFrame")
    return _raw(frame.to_arrow(), location, {})


def read_arrow(source: Any, location: str) -> RawTable:
    """Read a ``pyarrow.Table``, ``RecordBatch`` or dataset.

    Raises:
        UsageError: It is another Arrow object.
        DataError: It has no rows.
    """
    if isinstance(source, pa.RecordBatch):
        source = pa.Table.from_batches([source])
    elif hasattr(source, "to_table"):
        source = source.to_table()
    if not isinstance(source, pa.Table):
        raise _not_a_table(source, "a pyarrow.Table")
    return _raw(source, location, {})


def read_datasets(source: Any, location: str) -> RawTable:
    """Read a Hugging Face ``datasets.Dataset``; class labels get their names.

    Raises:
        UsageError: It is a dictionary of splits, or a stream.
        DataError: It has no rows.
    """
    if hasattr(source, "keys"):
        names = ", ".join(f"'{name}'" for name in source)
        raise UsageError(
            f"a {location} holds several splits: {names}",
            fix="give one: data['train'] as the source, data['test'] as test",
        )
    if not hasattr(source, "num_rows"):
        raise _not_a_table(source, "a datasets.Dataset that is not streamed")
    table = source.with_format("arrow")[:]
    known: dict[str, Column] = {}
    for name, feature in source.features.items():
        labels = getattr(feature, "names", None)
        if labels:
            codes = table[name].to_pylist()
            cells = [None if code is None or code < 0 else labels[code] for code in codes]
            position = table.column_names.index(name)
            table = table.set_column(position, name, pa.array(cells, pa.large_string()))
            known[name] = Column(name, ColumnType.CATEGORY, "class labels of the data set")
    return _raw(table, location, {}, known)


def _raw(
    table: pa.Table,
    location: str,
    mixed: dict[str, dict[str, int]],
    known: dict[str, Column] | None = None,
) -> RawTable:
    """Return a table as a reader's result; ``mixed`` holds kinds that are already counted."""
    plain, kinds = normalise(table)
    if plain.num_rows == 0:
        raise DataError(f"the {location} has no rows")
    return RawTable(
        plain,
        np.arange(plain.num_rows, dtype=np.int64),
        plain.num_rows,
        content_hash(plain),
        known=known or {},
        kinds={**kinds, **mixed},
    )


def _chunked(array: pa.Array | pa.ChunkedArray) -> pa.ChunkedArray:
    return array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])


def _not_a_table(source: Any, wanted: str) -> UsageError:
    kind = type(source)
    return UsageError(f"a {kind.__module__}.{kind.__qualname__} is no table", fix=f"give {wanted}")
