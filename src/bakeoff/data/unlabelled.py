"""Rows without a label: those of the user's main file and of a file of their own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from bakeoff.data.audit.duplicates import find_duplicates
from bakeoff.data.columns import ColumnType
from bakeoff.data.convert import strings
from bakeoff.data.fingerprint import fingerprint
from bakeoff.data.load import load_dataset
from bakeoff.data.target import is_blank

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bakeoff.data.audit.base import Subject
    from bakeoff.data.columns import Column
    from bakeoff.data.dataset import Dataset


@dataclass(frozen=True, slots=True)
class Unlabelled:
    """Rows that some contenders learn from, and that no score counts.

    Args:
        table: Their inputs and answers, typed as those of the labelled rows.
        twins: Rows more, which were left out: they repeat a labelled row, exactly or nearly, or
            belong to its group, and would carry a judging row's text into training.
        sha256: Of their content.
    """

    table: pa.Table
    twins: int
    sha256: str


def find_unlabelled(
    subject: Subject, before: Dataset, file: str | None, *, limit: int | None = None, seed: int = 0
) -> Unlabelled | None:
    """Return the rows without a label that may be learned from; None: there are none.

    Args:
        subject: The labelled rows and their inputs.
        before: The same data before rows without a label were set aside.
        file: Another source, whose rows have the inputs (a target in it is not read).
        limit: Of rows of the file.
        seed: For ``limit``.

    Raises:
        UsageError: The file does not exist, or lacks an input.
        DataError: The file cannot be read.
    """
    dataset = subject.dataset
    names = [*subject.inputs, *dataset.of_type(ColumnType.ANSWER)]
    if subject.group and subject.group not in names:
        names.append(subject.group)
    columns = [dataset.column(name) for name in names]
    cells = before.table[subject.target.column].to_pylist()
    blank = [at for at in before.positions("main").tolist() if is_blank(cells[at])]
    found = before.table.select(names).take(pa.array(blank, pa.int64()))
    if file is not None:
        schema = dataset.table.select(names).schema
        others = _read_file(file, subject.inputs, columns, schema, limit, seed)
        found = pa.concat_tables([found.cast(schema), others])
    if not found.num_rows:
        return None
    keep = np.flatnonzero(~_is_twin(subject, found, columns))
    kept = found.take(keep).combine_chunks()
    part = np.full(len(keep), "main")
    return Unlabelled(kept, found.num_rows - len(keep), fingerprint(kept, columns, part))


def _read_file(
    file: str,
    inputs: Sequence[str],
    columns: Sequence[Column],
    schema: pa.Schema,
    limit: int | None,
    seed: int,
) -> pa.Table:
    """Return the rows of a file with the columns of the labelled rows; absent answers are null."""
    types = {column.name: column.type for column in columns if column.name in inputs}
    table = load_dataset(file, types=types, limit=limit, seed=seed).table
    there = set(table.column_names)
    arrays = []
    for column in columns:
        if column.name in types:
            arrays.append(table[column.name])
        elif column.name in there:
            arrays.append(strings(table[column.name]))
        else:
            arrays.append(pa.nulls(table.num_rows, schema.field(column.name).type))
    return pa.table(arrays, names=[column.name for column in columns]).cast(schema)


def _is_twin(
    subject: Subject, found: pa.Table, columns: Sequence[Column]
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return which rows repeat a labelled row or belong to its group: ``(m,)``, bool."""
    names = [column.name for column in columns]
    labelled = subject.dataset.table.select(names)
    n = labelled.num_rows
    table = pa.concat_tables([labelled, found.cast(labelled.schema)]).combine_chunks()
    both = replace(
        subject.dataset,
        table=table,
        columns=tuple(columns),
        part=np.full(table.num_rows, "main"),
        row=np.arange(table.num_rows),
    )
    group = find_duplicates(replace(subject, dataset=both)).groups
    twin = np.isin(group[n:], group[:n])
    if subject.group:
        values = table[subject.group].to_pylist()
        known = set(values[:n])
        twin |= np.array([value in known for value in values[n:]], dtype=np.bool_)
    return twin
