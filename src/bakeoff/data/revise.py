"""A dataset with rows set aside or with another column: what must be counted anew is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.core.errors import DataError
from bakeoff.data.dataset import BadRow, Dataset
from bakeoff.data.fingerprint import fingerprint

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from bakeoff.data.columns import Column


def set_rows_aside(dataset: Dataset, reasons: Mapping[int, str]) -> Dataset:
    """Return the dataset without some rows; rows in = rows kept + rows set aside still holds.

    Args:
        dataset: The rows.
        reasons: Position -> why the row cannot be used.

    Raises:
        DataError: No row of the main part is left.
    """
    if not reasons:
        return dataset
    bad_rows = tuple(
        BadRow(str(dataset.part[at]), int(dataset.row[at]) + 1, reason)
        for at, reason in sorted(reasons.items())
    )
    keep = np.setdiff1d(np.arange(len(dataset)), np.array(list(reasons), dtype=np.int64))
    part = dataset.part[keep]
    if not (part == "main").any():
        first = bad_rows[0]
        raise DataError(
            f"no row of {dataset.name} can be used: {len(bad_rows):,} were set aside",
            where=f"the {first.part} part, row {first.line}",
            why=first.reason,
        )
    table = dataset.table.take(keep)
    sources = tuple(
        replace(
            source,
            rows_kept=source.rows_kept - sum(bad.part == source.part for bad in bad_rows),
            rows_set_aside=source.rows_set_aside + sum(b.part == source.part for b in bad_rows),
        )
        for source in dataset.sources
    )
    return replace(
        dataset,
        table=table,
        part=part,
        row=dataset.row[keep],
        sources=sources,
        set_aside=(*dataset.set_aside, *bad_rows),
        fingerprint=fingerprint(table, dataset.columns, part),
    )


def with_column(dataset: Dataset, column: Column, cells: pa.ChunkedArray | pa.Array) -> Dataset:
    """Return the dataset with one more column, or with another in its place if it has the name."""
    names = [known.name for known in dataset.columns]
    if column.name in names:
        position = names.index(column.name)
        table = dataset.table.set_column(position, column.name, cells)
        columns = tuple(column if c.name == column.name else c for c in dataset.columns)
    else:
        table = dataset.table.append_column(column.name, cells)
        columns = (*dataset.columns, column)
    return replace(
        dataset,
        table=table,
        columns=columns,
        fingerprint=fingerprint(table, columns, dataset.part),
    )
