"""A dataset: one table of examples with typed columns, side tables, and a fingerprint."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.core.errors import UsageError, did_you_mean
from bakeoff.data.inputs import Inputs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    from bakeoff.data.columns import Column, ColumnType


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was set aside: where it stood and why it could not be used."""

    part: str
    line: int
    """Line in the file, from 1; for sources without lines, the row number from 1."""
    reason: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where the rows of one part came from, and how many were read, kept and set aside."""

    part: str
    """``"main"``, ``"valid"`` or ``"test"``."""
    location: str
    """Path, hub id or ``"DataFrame"``, as the user gave it."""
    sha256: str
    """Of the file's bytes; of the content for sources without a file."""
    rows_in: int
    rows_kept: int
    rows_set_aside: int
    notes: tuple[str, ...] = ()
    """What was detected: encoding, delimiter, header."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """Examples as a table.

    Args:
        name: Short name, used for the run folder.
        table: One row an example, all columns (target, answers and ids among them).
        columns: Name and type of each column of ``table``, in its order.
        part: ``(n,)``, str: ``"main"``, ``"valid"`` or ``"test"``, the part each row came from.
        row: ``(n,)``, int64: the row's number in its part's source, from 0, header not counted,
            rows that were set aside counted; this is the ``row`` of an answers file.
        sources: One for each part.
        set_aside: Rows that could not be used, with their reasons.
        side: Named tables without labels.
        fingerprint: SHA-256 of the content of all rows, columns and parts.
    """

    name: str
    table: pa.Table
    columns: tuple[Column, ...]
    part: NDArray[np.str_]
    row: NDArray[np.int64]
    sources: tuple[Source, ...]
    set_aside: tuple[BadRow, ...] = ()
    side: Mapping[str, pa.Table] = field(default_factory=dict)
    fingerprint: str = ""

    def __len__(self) -> int:
        """Return the number of examples."""
        return int(self.table.num_rows)

    def column(self, name: str) -> Column:
        """Return the column with this name.

        Raises:
            UsageError: There is none; the message shows the nearest names.
        """
        for column in self.columns:
            if column.name == name:
                return column
        names = [column.name for column in self.columns]
        raise UsageError(f"no column '{name}' in {self.name}", fix=did_you_mean(name, names))

    def positions(self, part: str) -> NDArray[np.int64]:
        """Return the positions of the rows of one part: ``(m,)``, int64."""
        return np.flatnonzero(self.part == part).astype(np.int64)

    def inputs(self, names: Sequence[str], positions: NDArray[np.int64]) -> Inputs:
        """Return the named columns of the rows at ``positions``; a row's id is its position.

        Raises:
            UsageError: A name is not a column.
        """
        columns = tuple(self.column(name) for name in names)
        table = self.table.select([column.name for column in columns])
        everything = Inputs(np.arange(len(self), dtype=np.int64), table, columns, self.side)
        return everything.take(positions)

    def of_type(self, *types: ColumnType) -> tuple[str, ...]:
        """Return the names of the columns that have one of the types, in order."""
        return tuple(column.name for column in self.columns if column.type in types)
