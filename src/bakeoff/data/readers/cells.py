"""Cells whose source gives them types: counted by kind, and brought to a few plain Arrow types."""

from __future__ import annotations

import json
import math
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from bakeoff.core.hashing import hash_bytes
from bakeoff.data.convert import as_string

if TYPE_CHECKING:
    from collections.abc import Sequence

Kinds = dict[str, dict[str, int]]


def column_of(values: Sequence[Any]) -> tuple[pa.Array, dict[str, int]]:
    """Return Python values as an Arrow array, and how many there are of each kind.

    Values of one kind keep their type; mixed ones become strings (the counts tell of it); lists
    and objects become JSON.
    """
    plain = [_plain(value) for value in values]
    kinds = Counter(_kind(value) for value in plain if value is not None)
    if len(kinds) <= 1 and not (kinds.keys() & {"other"}):
        try:
            array = pa.array(plain, _ARROW_TYPES.get(next(iter(kinds), "text")))
            return array, dict(kinds)
        except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
            pass  # whole numbers beyond 64 bits, 1 beside 1.5: strings lose nothing
    if set(kinds) == {"number"} and any(isinstance(value, float) for value in plain):
        return pa.array([None if v is None else float(v) for v in plain], pa.float64()), dict(kinds)
    return pa.array([as_string(value) for value in plain], pa.large_string()), dict(kinds)


def normalise(table: pa.Table) -> tuple[pa.Table, Kinds]:
    """Return an Arrow table with plain types only, and the kinds of its cells."""
    names, columns, kinds = [], [], {}
    for name in table.column_names:
        column, kind = _normalise(table[name])
        names.append(str(name))
        columns.append(column)
        if kind and len(column) > column.null_count:
            kinds[str(name)] = {kind: len(column) - column.null_count}
    return pa.table(columns, names=names), kinds


def content_hash(table: pa.Table) -> str:
    """Return the SHA-256 of a table's content in Arrow's stream format."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())
    return hash_bytes(sink.getvalue().to_pybytes())


_ARROW_TYPES = {
    "text": pa.large_string(),
    "boolean": pa.bool_(),
    "bytes": pa.large_binary(),
    "number": None,  # whole numbers or floats: Arrow tells
    "date": None,
}


def _plain(value: Any) -> Any:
    """Return a Python value: numpy scalars unpacked, NaN as None, lists and objects as JSON."""
    if isinstance(value, (np.generic, np.ndarray)):
        value = value.tolist()
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, (list, tuple, dict, set)):
        return json.dumps(value, ensure_ascii=False, default=str)
    if type(value).__name__ in ("NAType", "NaTType"):  # pandas' own words for "missing"
        return None
    return value


def _kind(value: Any) -> str:
    if isinstance(value, str):
        return "text"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, bytes):
        return "bytes"
    return "date" if hasattr(value, "isoformat") else "other"


def _normalise(column: pa.ChunkedArray) -> tuple[pa.ChunkedArray, str]:
    """Return a column in a plain type, and the kind of its cells (``""``: none)."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _normalise(column.cast(kind.value_type))
    if isinstance(kind, pa.BaseExtensionType):
        return _normalise(pa.chunked_array([chunk.storage for chunk in column.chunks]))
    if pa.types.is_struct(kind) and "bytes" in {field.name for field in kind}:
        # Pictures as Hugging Face keeps them: {"bytes": ..., "path": ...}.
        return _normalise(pa.chunked_array([chunk.field("bytes") for chunk in column.chunks]))
    if pa.types.is_nested(kind):
        return _strings([_plain(value) for value in column.to_pylist()]), "text"
    return _normalise_flat(column)


def _normalise_flat(column: pa.ChunkedArray) -> tuple[pa.ChunkedArray, str]:
    kind = column.type
    if pa.types.is_boolean(kind):
        return column, "boolean"
    if pa.types.is_uint64(kind):
        try:
            return column.cast(pa.int64()), "number"
        except pa.ArrowInvalid:
            return column.cast(pa.large_string()), "number"
    if pa.types.is_integer(kind):
        return column.cast(pa.int64()), "number"
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return column.cast(pa.float64()), "number"
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return column, "date"
    if _is_bytes(kind):
        return column.cast(pa.large_binary()), "bytes"
    if pa.types.is_null(kind):
        return column.cast(pa.large_string()), ""
    if pa.types.is_time(kind) or pa.types.is_duration(kind):
        return _strings([as_string(value) for value in column.to_pylist()]), "text"
    return column.cast(pa.large_string()), "text"


def _is_bytes(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_fixed_size_binary(kind)
        or pa.types.is_binary_view(kind)
    )


def _strings(values: list[str | None]) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(values, pa.large_string())])
