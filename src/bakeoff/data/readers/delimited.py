"""CSV, TSV and the like: typed by nobody, so every cell comes as a string."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bakeoff.core.errors import DataError
from bakeoff.core.hashing import hash_file
from bakeoff.data.readers.base import RawTable, read_bytes
from bakeoff.data.readers.dialect import DELIMITER_NAMES, Record, detect
from bakeoff.data.readers.encoding import decode, is_undecodable

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROWS_AT_ONCE = 50_000
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,?\d+")


def read(source: str | Path, location: str) -> RawTable:
    """Read a delimited file with a header line.

    Raises:
        DataError: It is empty, has only a header, or its header cannot be used.
    """
    path = Path(source)
    content = read_bytes(path)
    decoded = decode(content, location)
    del content
    dialect = detect(decoded.text, suffix=_suffix(path))
    records = dialect.records(decoded.text)
    names, notes = _header(next(records), location)
    columns, row, set_aside = _columns(records, names)
    rows_in = len(row) + len(set_aside)
    if rows_in == 0:
        raise DataError(
            f"{path.name} has a header and no rows",
            where=location,
            why="columns: " + ", ".join(names[:10]),
            fix="give a file with one row an example below the header",
        )
    table = pa.table(dict(zip(names, columns, strict=True)))
    notes += _doubts(table)
    if dialect.delimiter == ";":
        table, commas = _without_decimal_commas(table)
        notes += commas
    guessed = " (guessed)" if decoded.guessed else ""
    seen = [f"encoding {decoded.encoding}{guessed}", f"{DELIMITER_NAMES[dialect.delimiter]}s"]
    if not dialect.quoted:
        seen.append("quotes are read as text: the file does not quote its fields")
    return RawTable(
        table,
        np.array(row, dtype=np.int64),
        rows_in,
        hash_file(path),
        tuple(set_aside),
        (*seen, *notes),
        folder=path.resolve().parent,
    )


def _suffix(path: Path) -> str:
    suffixes = [suffix.casefold() for suffix in path.suffixes if suffix.casefold() != ".gz"]
    return suffixes[-1] if suffixes else ""


def _header(record: Record, location: str) -> tuple[list[str], tuple[str, ...]]:
    """Return the column names and notes about them."""
    if record.error or any("\0" in name or is_undecodable(name) for name in record.fields):
        raise DataError(
            f"the header line cannot be read: {record.error or 'NUL or undecodable bytes in it'}",
            where=f"{location}, line {record.line}",
            fix="the first line must hold the names of the columns",
        )
    names = [name.strip() for name in record.fields]
    unnamed = [position for position, name in enumerate(names) if not name]
    for position in unnamed:
        names[position] = f"unnamed_{position + 1}"
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        shown = ", ".join(f"'{name}'" for name in twice[:5])
        raise DataError(
            f"the header names a column twice: {shown}",
            where=f"{location}, line {record.line}",
            why="it would be unclear which of them is meant",
            fix="give each column its own name",
        )
    notes = tuple(f"column {p + 1} has no name: called '{names[p]}'" for p in unnamed)
    return names, notes


def _columns(
    records: Iterator[Record], names: list[str]
) -> tuple[list[pa.ChunkedArray], list[int], list[tuple[int, str]]]:
    """Return the columns, the number of each kept row, and line and reason of the others."""
    chunks: list[list[pa.Array]] = [[] for _ in names]
    batch: list[list[str]] = []
    row: list[int] = []
    set_aside: list[tuple[int, str]] = []
    for number, record in enumerate(records):
        reason = _fault(record, names)
        if reason:
            set_aside.append((record.line, reason))
            continue
        batch.append(record.fields)
        row.append(number)
        if len(batch) >= _ROWS_AT_ONCE:
            _flush(batch, chunks)
    _flush(batch, chunks)
    return [pa.chunked_array(parts, pa.large_string()) for parts in chunks], row, set_aside


def _flush(batch: list[list[str]], chunks: list[list[pa.Array]]) -> None:
    for parts, cells in zip(chunks, zip(*batch, strict=True), strict=False):
        parts.append(pa.array(cells, pa.large_string()))
    batch.clear()


def _fault(record: Record, names: list[str]) -> str:
    """Return why a record cannot be used, or ``""``."""
    if record.error:
        return record.error
    if len(record.fields) != len(names):
        fields = "1 field" if len(record.fields) == 1 else f"{len(record.fields)} fields"
        return f"{fields} where the header has {len(names)}"
    if record.fields == names:
        return "the header line once more"
    for cell in record.fields:
        if "\0" in cell:
            return "a NUL byte"
        if is_undecodable(cell):
            return "bytes that are not UTF-8"
    return ""


def _doubts(table: pa.Table) -> tuple[str, ...]:
    """Return a note if the header may be a row: a name is a number, or a value of its column."""
    doubtful = [
        name
        for name in table.column_names
        if _NUMBER.fullmatch(name) or pc.any(pc.equal(table[name], name)).as_py()
    ]
    if not doubtful:
        return ()
    return (f"the first line is taken as the header, but '{doubtful[0]}' looks like a value",)


def _without_decimal_commas(table: pa.Table) -> tuple[pa.Table, tuple[str, ...]]:
    """Return the table with ``3,14`` as ``3.14`` in columns that hold nothing else.

    Only files with semicolons are treated so: there a comma in a number is a decimal comma.
    """
    notes = []
    for position, name in enumerate(table.column_names):
        cells = table[name].to_pylist()
        filled = [cell for cell in cells if cell.strip()]
        if not any("," in cell for cell in filled):
            continue
        if all(_DECIMAL_COMMA.fullmatch(cell.strip()) for cell in filled):
            points = pa.array([cell.replace(",", ".") for cell in cells], pa.large_string())
            table = table.set_column(position, name, points)
            notes.append(f"decimal commas in '{name}' read as points")
    return table, tuple(notes)
