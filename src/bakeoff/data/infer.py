"""What a column holds, told from its cells by rules that fit on a page.

In this order; the first that fits wins, and its reason is shown to the user:

1. no value at all -> category (the audit names it, `bakeoff.data.roles` leaves it unused)
2. encoded pictures, or paths whose suffix is that of a picture -> image
3. booleans -> category
4. a name like ``id`` or ``..._id`` with mostly different values (with few: category); UUIDs;
   digits with leading zeros or beyond 2^53; whole numbers that only count the rows -> id
5. every value is a number (``NA``, ``null``, ... are missing here and nowhere else) -> number
6. every value is an ISO date -> date
7. few different values (at most 20, or at most one in twenty rows), each twice or more on
   average -> category
8. mostly different values, 30 characters or more on average, or words -> text
9. else -> category
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bakeoff.data.columns import Column, ColumnType
from bakeoff.data.images import IMAGE_SUFFIXES, looks_like_image

if TYPE_CHECKING:
    from collections.abc import Iterable

MISSING_TOKENS = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "none", "nil", "-", "?"})
"""Read as missing in number and date columns; elsewhere they are words like others."""

_NUMBER = re.compile(
    r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?|[+-]?(inf|infinity)", re.IGNORECASE
)
_LEADING_ZERO = re.compile(r"[+-]?0\d+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?)?")
_UUID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_ID_NAME = re.compile(
    r"(?i:(.*[_\- .])?(id|uuid|guid)|index|rowid|unnamed_1|unnamed: 0)|.*[a-z](Id|ID)"
)
_FEW = 20
_ROWS_PER_CATEGORY = 20
_LONG_CHARACTERS = 30
_LARGEST_EXACT = 2**53
_COUNTING_ROWS = 20


def infer_column(name: str, cells: pa.ChunkedArray) -> Column:
    """Return the type of a column and why.

    Args:
        name: The column's name; it matters only for ids.
        cells: ``(n,)``, strings, numbers, booleans, dates or bytes as the reader found them.
    """
    kind = cells.type
    if cells.null_count == len(cells):
        return Column(name, ColumnType.CATEGORY, "no value at all")
    if pa.types.is_large_binary(kind) or pa.types.is_binary(kind):
        return _of_bytes(name, cells)
    if pa.types.is_boolean(kind):
        return Column(name, ColumnType.CATEGORY, "true or false")
    if pa.types.is_temporal(kind):
        return Column(name, ColumnType.DATE, "dates")
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return _of_numbers(name, cells.drop_null())
    return _of_strings(name, cells)


def _of_bytes(name: str, cells: pa.ChunkedArray) -> Column:
    first = next((cell.as_py() for cell in cells if cell.is_valid), b"")
    if looks_like_image(first):
        return Column(name, ColumnType.IMAGE, "encoded pictures")
    return Column(name, ColumnType.ID, "bytes that are no picture")


def _of_numbers(name: str, values: pa.ChunkedArray) -> Column:
    distinct = pc.count_distinct(values).as_py()
    if pa.types.is_integer(values.type):
        if _is_id_name(name):
            return _named_id(name, distinct, len(values))
        if pc.max(pc.abs_checked(values)).as_py() > _LARGEST_EXACT:
            return Column(name, ColumnType.ID, "whole numbers too large for a float")
        if _counts_rows(values.to_numpy()):
            return Column(name, ColumnType.ID, "it only counts the rows")
    return Column(name, ColumnType.NUMBER, f"numbers, {distinct:,} different")


def _of_strings(name: str, cells: pa.ChunkedArray) -> Column:
    counted = pc.value_counts(cells.cast(pa.large_string()).drop_null())
    values = [value for value in counted.field("values").to_pylist() if value != ""]
    n = int(pc.sum(counted.field("counts")).as_py()) - sum(
        item["counts"] for item in counted.to_pylist() if item["values"] == ""
    )
    if not values:
        return Column(name, ColumnType.CATEGORY, "no value at all")
    return (
        _image_paths(name, values)
        or _id_strings(name, values, n)
        or _number_strings(name, values, n)
        or _date_strings(name, values)
        or _words(name, values, n)
    )


def _image_paths(name: str, values: list[str]) -> Column | None:
    if all(value.casefold().endswith(IMAGE_SUFFIXES) for value in values):
        return Column(name, ColumnType.IMAGE, "paths of pictures")
    return None


def _id_strings(name: str, values: list[str], n: int) -> Column | None:
    different = _mostly_different(len(values), n)
    numbers = [value.strip() for value in values if value.strip().casefold() not in MISSING_TOKENS]
    if _is_id_name(name) and not any(" " in value for value in values):
        return _named_id(name, len(values), n)
    if all(_UUID.fullmatch(value) for value in values):
        return Column(name, ColumnType.ID, "UUIDs")
    if not numbers or not all(number.lstrip("+-").isdecimal() for number in numbers):
        return None
    if any(_LEADING_ZERO.fullmatch(number) for number in numbers):
        if different:
            return Column(name, ColumnType.ID, "digits with leading zeros, mostly different")
        return Column(name, ColumnType.CATEGORY, "digits with leading zeros: codes, not numbers")
    if any(abs(int(number)) > _LARGEST_EXACT for number in numbers if len(number) < 100):
        return Column(name, ColumnType.ID, "whole numbers too large for a float")
    # In a file all values stand as strings: in order of first appearance, one each.
    if len(values) == n and _counts_rows(np.array([int(number) for number in numbers])):
        return Column(name, ColumnType.ID, "it only counts the rows")
    return None


def _number_strings(name: str, values: list[str], n: int) -> Column | None:
    numbers, missing = _without_missing(values)
    if not numbers or not all(_NUMBER.fullmatch(value.strip()) for value in numbers):
        return None
    reason = f"numbers, {len(numbers):,} different in {n:,} rows"
    return Column(name, ColumnType.NUMBER, _with_missing(reason, missing))


def _date_strings(name: str, values: list[str]) -> Column | None:
    dates, missing = _without_missing(values)
    if not dates or not all(_is_date(value.strip()) for value in dates):
        return None
    return Column(name, ColumnType.DATE, _with_missing("ISO dates", missing))


def _is_date(value: str) -> bool:
    if not _DATE.fullmatch(value):
        return False
    try:
        dt.datetime.fromisoformat(value)
    except ValueError:  # the 31st of February
        return False
    return True


def _words(name: str, values: list[str], n: int) -> Column:
    distinct = len(values)
    few = max(_FEW, n // _ROWS_PER_CATEGORY)
    if distinct <= few and n >= 2 * distinct:
        return Column(name, ColumnType.CATEGORY, f"{distinct:,} different values in {n:,} rows")
    characters = sum(map(len, values)) / distinct
    if distinct > n / 2:
        return Column(name, ColumnType.TEXT, f"{distinct:,} different values in {n:,} rows")
    if characters >= _LONG_CHARACTERS:
        return Column(name, ColumnType.TEXT, f"{characters:.0f} characters on average")
    if sum(" " in value.strip() for value in values) > distinct / 2:
        return Column(name, ColumnType.TEXT, "most values have several words")
    return Column(name, ColumnType.CATEGORY, f"{distinct:,} different values in {n:,} rows")


def _is_id_name(name: str) -> bool:
    return _ID_NAME.fullmatch(name.strip()) is not None


def _named_id(name: str, distinct: int, n: int) -> Column:
    if _mostly_different(distinct, n):
        return Column(name, ColumnType.ID, "its name says so, and its values differ")
    return Column(name, ColumnType.CATEGORY, f"codes: {distinct:,} different in {n:,} rows")


def _mostly_different(distinct: int, n: int) -> bool:
    """Return whether a column named like an id is one, and not a code with few values."""
    return distinct > max(_FEW, n // _ROWS_PER_CATEGORY) or distinct == n


def _counts_rows(values: np.ndarray) -> bool:
    """Return whether whole numbers go up by one from row to row."""
    return len(values) >= _COUNTING_ROWS and bool(np.all(np.diff(values) == 1))


def _without_missing(values: Iterable[str]) -> tuple[list[str], list[str]]:
    kept: list[str] = []
    missing: list[str] = []
    for value in values:
        (missing if value.strip().casefold() in MISSING_TOKENS else kept).append(value)
    return kept, missing


def _with_missing(reason: str, tokens: list[str]) -> str:
    if not tokens:
        return reason
    return f"{reason}; {', '.join(repr(token) for token in tokens[:3])} read as missing"
