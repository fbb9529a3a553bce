"""Predictions made elsewhere (an LLM's, a vendor's, a human's) as a column of type answer."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from bakeoff.core.errors import DataError, UsageError, did_you_mean
from bakeoff.data.columns import Column, ColumnType
from bakeoff.data.convert import strings
from bakeoff.data.load import read_source
from bakeoff.data.revise import with_column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bakeoff.data.dataset import Dataset
    from bakeoff.data.readers.base import RawTable


@dataclass(frozen=True, slots=True)
class AnswerSummary:
    """How answers met the rows.

    Args:
        column: The dataset's column that holds them.
        key: ``"column"``, ``"row"``, ``"sha256"`` or the name of the id column.
        part: The part that ``row`` counts in; ``""`` where answers may meet any row.
        matched: Rows that have an answer.
        missing: Rows (of ``part``, else of all) that have none.
        unmatched: Answers for rows that are not here (set aside, not drawn, of another version).
        duplicates: Lines that repeat an earlier answer for the same text.
    """

    column: str
    key: str
    part: str
    matched: int
    missing: int
    unmatched: int = 0
    duplicates: int = 0


def join_answers(
    dataset: Dataset, spec: str | Path, *, text_columns: Sequence[str] = ()
) -> tuple[Dataset, AnswerSummary]:
    """Return the dataset with a column of answers, and how they met the rows.

    A file holds ``answer`` and one of: ``sha256`` (of the text in UTF-8; several text columns are
    joined by a tab), ``row`` (from 0, of the test part if there is one, else of the main part) or
    an id column's name. Rows without an answer are allowed and counted.

    Args:
        dataset: The rows.
        spec: Name of a column, or path of a file.
        text_columns: What ``sha256`` is of.

    Raises:
        UsageError: There is neither such a column nor such a file.
        DataError: The file lacks a column, names a row twice or one outside the data.
    """
    names = [column.name for column in dataset.columns]
    if str(spec) in names:
        return _from_column(dataset, str(spec))
    path = Path(spec)
    if not path.exists():
        raise UsageError(
            f"the answers '{spec}' are neither a column nor a file",
            fix=f"column: {did_you_mean(str(spec), names)}",
        )
    raw = read_source(path)
    key = _key(raw, names, path)
    answers = strings(raw.table["answer"]).to_pylist()
    lines = [cell or "" for cell in strings(raw.table[key]).to_pylist()]
    if key == "row":
        found, summary = _by_row(dataset, lines, answers, path)
    else:
        found, summary = _by_key(dataset, key, lines, answers, path, text_columns)
    column = Column(_free_name(path, names), ColumnType.ANSWER, f"answers from {path.name}")
    joined = with_column(dataset, column, pa.chunked_array([pa.array(found, pa.large_string())]))
    return joined, AnswerSummary(column.name, key, *summary)


def _from_column(dataset: Dataset, name: str) -> tuple[Dataset, AnswerSummary]:
    cells = strings(dataset.table[name])
    column = Column(name, ColumnType.ANSWER, "given by --answers")
    missing = cells.null_count
    summary = AnswerSummary(name, "column", "", len(dataset) - missing, missing)
    return with_column(dataset, column, cells), summary


def _key(raw: RawTable, names: Sequence[str], path: Path) -> str:
    """Return the column by which the file names rows.

    Raises:
        DataError: There is none, or no column ``answer``.
    """
    present = raw.table.column_names
    if raw.set_aside:
        line, reason = raw.set_aside[0]
        raise DataError(
            f"{len(raw.set_aside):,} lines of {path.name} cannot be read",
            where=f"{path}, line {line}",
            why=reason,
        )
    for key in ("sha256", "row", *names):
        if key in present and "answer" in present:
            return key
    raise DataError(
        f"{path.name} lacks a column: it has {', '.join(present)}",
        where=str(path),
        why="it must have 'answer' and one of 'row', 'sha256' or an id column of the data",
        fix=did_you_mean("answer", present) if "answer" not in present else "add a column 'row'",
    )


_Joined = tuple[list[str | None], tuple[str, int, int, int, int]]
"""An answer per row of the dataset; part, matched, missing, unmatched, duplicates."""


def _by_row(
    dataset: Dataset, lines: Sequence[str], answers: Sequence[str | None], path: Path
) -> _Joined:
    part = "test" if len(dataset.positions("test")) else "main"
    rows_in = next(source.rows_in for source in dataset.sources if source.part == part)
    positions = dataset.positions(part)
    position_of = dict(zip(dataset.row[positions].tolist(), positions.tolist(), strict=True))
    found: list[str | None] = [None] * len(dataset)
    first_line: dict[int, int] = {}
    unmatched = 0
    for number, (cell, answer) in enumerate(zip(lines, answers, strict=True)):
        where = f"{path}, answer {number + 1}"
        if not cell.strip().isdecimal() or int(cell) >= rows_in:
            raise DataError(
                f"row '{cell}' is outside the data",
                where=where,
                why=f"the {part} part has rows 0 to {rows_in - 1}",
                fix="count rows from 0, header not counted",
            )
        row = int(cell)
        if row in first_line:
            raise DataError(
                f"row {row} is answered twice",
                where=f"{where} and answer {first_line[row]}",
                fix="keep one answer a row",
            )
        first_line[row] = number + 1
        if row in position_of:
            found[position_of[row]] = answer
        else:
            unmatched += 1
    matched = sum(answer is not None for answer in found)
    return found, (part, matched, len(positions) - matched, unmatched, 0)


def _by_key(
    dataset: Dataset,
    key: str,
    lines: Sequence[str],
    answers: Sequence[str | None],
    path: Path,
    text_columns: Sequence[str],
) -> _Joined:
    keys = _row_keys(dataset, key, text_columns)
    answer_of: dict[str, str | None] = {}
    duplicates = 0
    for number, (cell, answer) in enumerate(zip(lines, answers, strict=True)):
        if cell in answer_of and (key != "sha256" or answer_of[cell] != answer):
            raise DataError(
                f"{key} '{cell[:40]}' is answered twice",
                where=f"{path}, answer {number + 1}",
                fix="keep one answer a row",
            )
        duplicates += cell in answer_of
        answer_of[cell] = answer
    known = set(keys)
    strange = [cell for cell in answer_of if cell not in known]
    if strange and key != "sha256" and _is_whole(dataset):
        raise DataError(
            f"{len(strange):,} answers are for rows outside the data: {key} '{strange[0][:40]}'",
            where=str(path),
            fix=f"check that '{key}' means the same in both files",
        )
    found = [answer_of.get(name) for name in keys]
    matched = sum(answer is not None for answer in found)
    return found, ("", matched, len(found) - matched, len(strange), duplicates)


def _row_keys(dataset: Dataset, key: str, text_columns: Sequence[str]) -> list[str]:
    """Return the key of every row.

    Raises:
        UsageError: ``sha256`` without a text column.
        DataError: An id stands twice in the data.
    """
    if key != "sha256":
        keys = [cell or "" for cell in strings(dataset.table[key]).to_pylist()]
        if len(set(keys)) < len(keys):
            raise DataError(
                f"'{key}' does not name rows: it has values that stand in several rows",
                fix="give the answers by 'row' or 'sha256'",
            )
        return keys
    texts = list(text_columns) or list(dataset.of_type(ColumnType.TEXT))
    if not texts:
        raise UsageError(
            "answers by 'sha256' need a text column", fix="--text COLUMN, or answers by 'row'"
        )
    cells = [strings(dataset.table[name]).to_pylist() for name in texts]
    joined = ("\t".join(cell or "" for cell in row) for row in zip(*cells, strict=True))
    return [hashlib.sha256(text.encode()).hexdigest() for text in joined]


def _is_whole(dataset: Dataset) -> bool:
    """Return whether every row of the sources is in the dataset."""
    return len(dataset) == int(np.sum([source.rows_in for source in dataset.sources]))


def _free_name(path: Path, names: Sequence[str]) -> str:
    stem = path.name.partition(".")[0] or "answers"
    name, number = stem, 2
    while name in names:
        name, number = f"{stem}_{number}", number + 1
    return name
