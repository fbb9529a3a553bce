"""Cells as a reader found them -> the one Arrow type that each column type has.

Texts, categories, ids and answers are large strings, numbers float64, dates timestamps in
microseconds (UTC where a zone is given), pictures encoded bytes; a missing value is null.
"""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from bakeoff.core.errors import DataError
from bakeoff.data import images
from bakeoff.data.columns import Column, ColumnType
from bakeoff.data.infer import MISSING_TOKENS

if TYPE_CHECKING:
    from collections.abc import Sequence

Folders = tuple[tuple[int, "Path | None"], ...]
"""For each part, its number of rows and where its relative paths begin."""

_MISSING = frozenset({*MISSING_TOKENS, "inf", "+inf", "-inf", "infinity", "-infinity"})


def convert(
    cells: pa.ChunkedArray, column: Column, folders: Folders = ()
) -> tuple[pa.ChunkedArray, dict[int, str]]:
    """Return a column in its type's Arrow form, and why some rows must be set aside.

    Args:
        cells: ``(n,)``, as the reader found them.
        column: Name and type.
        folders: Where paths of pictures begin, part by part.

    Returns:
        ``(n,)``, and position -> reason for the rows whose cell cannot be used.

    Raises:
        DataError: The column cannot be of this type.
    """
    if column.type is ColumnType.NUMBER:
        return _numbers(cells, column), {}
    if column.type is ColumnType.DATE:
        return _dates(cells, column), {}
    if column.type is ColumnType.IMAGE:
        return _images(cells, folders)
    return strings(cells), {}


def strings(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return cells as strings: whole numbers without a point, booleans as in Python, "" as null."""
    kind = cells.type
    if pa.types.is_floating(kind) or pa.types.is_boolean(kind) or pa.types.is_decimal(kind):
        texts = pa.chunked_array([pa.array(map(as_string, cells.to_pylist()), pa.large_string())])
    elif pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        hexadecimal = [None if cell is None else cell.hex() for cell in cells.to_pylist()]
        texts = pa.chunked_array([pa.array(hexadecimal, pa.large_string())])
    else:
        texts = cells.cast(pa.large_string())
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.large_string()), texts)


def as_string(value: object) -> str | None:
    """Return one value as the string that a CSV file would hold; NaN and None are None.

    Example:
        >>> as_string(1.0), as_string(2.5), as_string(True), as_string(float("nan"))
        ('1', '2.5', 'True', None)
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value)


def as_number(value: object) -> float:
    """Return one value as a number; NaN for a missing token or an infinity.

    Raises:
        ValueError: It is neither a number nor missing.
    """
    if value is None:
        return math.nan
    if isinstance(value, str):
        if value.strip().casefold() in _MISSING:
            return math.nan
        if "_" in value:  # float() takes "1_000", which no file means
            raise ValueError(value)
    number = float(value)  # type: ignore[arg-type] # anything else raises, as it should
    return number if math.isfinite(number) else math.nan


def _numbers(cells: pa.ChunkedArray, column: Column) -> pa.ChunkedArray:
    if pa.types.is_temporal(cells.type):
        raise DataError(f"column '{column.name}' holds dates, not numbers")
    numbers = []
    for position, cell in enumerate(cells.to_pylist()):
        try:
            number = as_number(cell)
        except (TypeError, ValueError) as error:
            raise _misfit(column, "a number", position, cell) from error
        numbers.append(None if math.isnan(number) else number)
    return pa.chunked_array([pa.array(numbers, pa.float64())])


def _dates(cells: pa.ChunkedArray, column: Column) -> pa.ChunkedArray:
    if pa.types.is_temporal(cells.type) and not pa.types.is_time(cells.type):
        return cells.cast(pa.timestamp("us"), safe=False)
    dates: list[dt.datetime | None] = []
    for position, cell in enumerate(strings(cells).to_pylist()):
        if cell is None or cell.strip().casefold() in MISSING_TOKENS:
            dates.append(None)
            continue
        try:
            moment = dt.datetime.fromisoformat(cell.strip())
        except ValueError as error:
            raise _misfit(column, "an ISO date", position, cell) from error
        # A date without a zone is taken as it stands, one with a zone is brought to UTC.
        dates.append(moment.astimezone(dt.UTC).replace(tzinfo=None) if moment.tzinfo else moment)
    return pa.chunked_array([pa.array(dates, pa.timestamp("us"))])


def _misfit(column: Column, wanted: str, position: int, cell: object) -> DataError:
    return DataError(
        f"column '{column.name}' cannot be read as {column.type.value}: {str(cell)[:60]!r}",
        where=f"row {position + 1}, column '{column.name}'",
        why=f"this is not {wanted}",
        fix=f"give the column another type, or mend the cell ({column.reason or 'type asked for'})",
    )


def _images(cells: pa.ChunkedArray, folders: Folders) -> tuple[pa.ChunkedArray, dict[int, str]]:
    """Return encoded pictures; paths are followed, but never out of the data's own folder."""
    roots: list[Path | None] = [root for count, root in folders for _ in range(count)]
    found: list[bytes | None] = []
    faults: dict[int, str] = {}
    for position, cell in enumerate(cells.to_pylist()):
        try:
            data = _follow(cell, roots[position]) if isinstance(cell, str) else cell
            reason = "" if data is None else images.fault(data)
            if reason and isinstance(cell, str):
                reason = f"picture '{cell}': {reason}"
        except OSError as error:
            data, reason = None, f"picture '{cell}': {error.strerror or error}"
        except ValueError as error:
            data, reason = None, str(error)
        if reason:
            faults[position] = reason
        found.append(data)
    return pa.chunked_array([pa.array(found, pa.large_binary())]), faults


def _follow(cell: str, root: Path | None) -> bytes | None:
    """Return the content of the file that a cell names.

    Raises:
        ValueError: The path is a web address or leads out of the data's folder.
        OSError: The file cannot be read.
    """
    if not cell.strip():
        return None
    if "://" in cell:
        raise ValueError(f"picture '{cell[:80]}' is a web address: nothing is downloaded")
    base = (root or Path.cwd()).resolve()
    path = (base / cell).resolve()
    if not path.is_relative_to(base):
        raise ValueError(f"picture '{cell[:80]}' leads out of the folder of the data")
    return path.read_bytes()


def unify(parts: Sequence[pa.ChunkedArray]) -> pa.ChunkedArray:
    """Return the cells of all parts one after the other; as strings where the parts differ."""
    kinds = {part.type for part in parts}
    if len(kinds) == 1:
        return pa.chunked_array([chunk for part in parts for chunk in part.chunks], kinds.pop())
    if all(pa.types.is_integer(kind) or pa.types.is_floating(kind) for kind in kinds):
        cast = [part.cast(pa.float64()) for part in parts]
    else:
        cast = [strings(part) for part in parts]
    return pa.chunked_array([chunk for part in cast for chunk in part.chunks], cast[0].type)
