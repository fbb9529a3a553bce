"""Predictions as a CSV file that a spreadsheet can open without running anything in it."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from bakeoff.core.files import write_atomic

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def neutral(cell: object) -> object:
    """Return a cell that no spreadsheet takes for a formula; numbers are untouched.

    Example:
        >>> neutral("=1+1"), neutral(-2.5), neutral("fine")
        ("'=1+1", -2.5, 'fine')
    """
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) and not _is_number(cell):
        return "'" + cell
    return cell


def _is_number(cell: str) -> bool:
    return _NUMBER.fullmatch(cell) is not None


def write_csv(
    path: Path, header: Sequence[str], rows: Iterable[Sequence[object]], *, raw: bool = False
) -> None:
    """Write a CSV file in UTF-8, whole or not at all.

    Args:
        path: Where to; a ``.tsv`` gets tabs.
        header: Names of the columns.
        rows: Cells; None becomes an empty cell.
        raw: Leave formulas as they are.

    Raises:
        StorageError: The disk is full or cannot be written.
    """
    buffer = io.StringIO(newline="")
    delimiter = "\t" if path.suffix.casefold() == ".tsv" else ","
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\n")
    for row in (header, *rows):
        writer.writerow(row if raw else [neutral(cell) for cell in row])
    write_atomic(path, buffer.getvalue().encode("utf-8"))
