"""JSON lines: one object a line; its cells have types, so 1 and "1" can be told apart."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from bakeoff.core.errors import DataError
from bakeoff.core.hashing import hash_file
from bakeoff.data.readers.base import RawTable, read_bytes
from bakeoff.data.readers.cells import Kinds, column_of
from bakeoff.data.readers.encoding import decode, is_undecodable

if TYPE_CHECKING:
    from collections.abc import Iterable


def read(source: str | Path, location: str) -> RawTable:
    """Read a file with one JSON object a line; a key that a line lacks is a missing value.

    Raises:
        DataError: It is empty, or no line holds an object.
    """
    path = Path(source)
    decoded = decode(read_bytes(path), location)
    rows: list[dict[str, Any]] = []
    row: list[int] = []
    set_aside: list[tuple[int, str]] = []
    # Only "\n" parts lines: str.splitlines would cut at separators inside a text.
    lines = [item for item in enumerate(decoded.text.split("\n"), 1) if item[1].strip()]
    for number, (line, text) in enumerate(lines):
        try:
            rows.append(_object(text))
            row.append(number)
        except ValueError as error:
            set_aside.append((line, str(error)))
    if not rows:
        raise DataError(
            f"no line of {path.name} holds a JSON object",
            where=f"{location}, line {set_aside[0][0]}",
            why=set_aside[0][1],
            fix='each line must be like {"text": "...", "label": "..."}',
        )
    table, kinds = _table(rows)
    return RawTable(
        table,
        np.array(row, dtype=np.int64),
        len(lines),
        hash_file(path),
        tuple(set_aside),
        (f"encoding {decoded.encoding}",),
        kinds=kinds,
        folder=path.resolve().parent,
    )


def _object(text: str) -> dict[str, Any]:
    """Return one line's object.

    Raises:
        ValueError: It is not one that can be used; the message says why.
    """
    if is_undecodable(text):
        raise ValueError("bytes that are not UTF-8")
    try:
        found = json.loads(text, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at character {error.pos + 1}") from error
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(found, dict):
        raise ValueError(f"a JSON {type(found).__name__}, not an object")
    if any(isinstance(value, str) and "\0" in value for value in found.values()):
        raise ValueError("a NUL byte")
    return found


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice in the object")
    return found


def _table(rows: list[dict[str, Any]]) -> tuple[pa.Table, Kinds]:
    names = list(dict.fromkeys(name for found in rows for name in found))
    columns: list[pa.Array] = []
    kinds: Kinds = {}
    for name in names:
        array, counts = column_of(_cells(rows, name))
        columns.append(array)
        kinds[name] = counts
    return pa.table(columns, names=names), kinds


def _cells(rows: Iterable[dict[str, Any]], name: str) -> list[Any]:
    return [_encodable(found.get(name)) for found in rows]


def _encodable(value: Any) -> Any:
    """Return a text that Arrow can hold: JSON may escape half a surrogate pair."""
    if isinstance(value, str) and not value.isascii():
        return value.encode("utf-8", "replace").decode("utf-8")
    return value
