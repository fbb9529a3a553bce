"""What a model sees of some examples: their input columns and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bakeoff.core.errors import ContenderError, did_you_mean
from bakeoff.core.hashing import hash_parts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from bakeoff.data.columns import Column, ColumnType


@dataclass(frozen=True, slots=True)
class Inputs:
    """Some examples without their labels.

    Args:
        ids: ``(n,)``, int64, opaque names of the examples; predictions carry them back.
        table: ``n`` rows, one column for each of ``columns``. Text and category columns are
            strings, numbers float64, dates timestamps, images encoded bytes; all may be null.
        columns: The columns in order, with their types.
        side: Tables without labels that belong to the dataset (item texts, articles, ...).
    """

    ids: NDArray[np.int64]
    table: pa.Table
    columns: tuple[Column, ...]
    side: Mapping[str, pa.Table] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return the number of examples."""
        return len(self.ids)

    def take(self, positions: NDArray[np.int64] | Sequence[int]) -> Inputs:
        """Return the examples at ``positions`` (not ids), in that order."""
        index = np.asarray(positions, dtype=np.int64)
        return Inputs(self.ids[index], self.table.take(pa.array(index)), self.columns, self.side)

    @staticmethod
    def concatenate(parts: Sequence[Inputs]) -> Inputs:
        """Return the examples of all parts, which have the same columns, one after the other."""
        return Inputs(
            np.concatenate([part.ids for part in parts]),
            pa.concat_tables([part.table for part in parts]),
            parts[0].columns,
            parts[0].side,
        )

    def select(self, names: Sequence[str]) -> Inputs:
        """Return the same examples with only the named columns.

        Raises:
            ContenderError: A name is not among the columns.
        """
        for name in names:
            self._check(name)
        kept = tuple(column for column in self.columns if column.name in set(names))
        return Inputs(self.ids, self.table.select([c.name for c in kept]), kept, self.side)

    def named(self, *types: ColumnType) -> tuple[str, ...]:
        """Return the names of the columns that have one of the types, in order."""
        return tuple(column.name for column in self.columns if column.type in types)

    def texts(self, column: str) -> list[str]:
        """Return a text or category column as strings; a missing value becomes ``""``."""
        self._check(column)
        filled = pc.fill_null(self.table[column].cast(pa.large_string()), "")
        values: list[str] = filled.to_pylist()
        return values

    def categories(self, column: str) -> list[str | None]:
        """Return a category column as strings, ``None`` where missing."""
        self._check(column)
        values: list[str | None] = self.table[column].cast(pa.large_string()).to_pylist()
        return values

    def numbers(self, column: str) -> NDArray[np.float64]:
        """Return a number or date column: ``(n,)``, float64, NaN where missing (dates: days)."""
        self._check(column)
        values = self.table[column]
        if pa.types.is_temporal(values.type):
            seconds = values.cast(pa.timestamp("s"), safe=False).cast(pa.int64())
            values = pc.divide(seconds.cast(pa.float64()), 86_400.0)
        filled = pc.fill_null(values.cast(pa.float64()), float("nan"))
        return np.asarray(filled.to_numpy(), dtype=np.float64)

    def images(self, column: str) -> list[bytes]:
        """Return an image column as encoded bytes; a missing picture becomes ``b""``."""
        self._check(column)
        values: list[bytes] = pc.fill_null(self.table[column], b"").to_pylist()
        return values

    def keys(self, columns: Sequence[str] | None = None) -> list[str]:
        """Return one SHA-256 per example, of its content in ``columns`` (default: all).

        Two examples with equal content have equal keys, whatever their ids: this is the key of
        the content-addressed store.
        """
        names = [c.name for c in self.columns] if columns is None else list(columns)
        lists = [self.table[name].to_pylist() for name in names]
        return [hash_parts(_cell_bytes(value) for value in row) for row in zip(*lists, strict=True)]

    def _check(self, name: str) -> None:
        names = [column.name for column in self.columns]
        if name not in names:
            raise ContenderError(f"no input column '{name}'; {did_you_mean(name, names)}")


def _cell_bytes(value: object) -> bytes:
    """Return a cell as bytes; the first letter keeps types apart ("1" is not 1)."""
    if value is None:
        return b"0"
    if isinstance(value, bytes):
        return b"b" + value
    if isinstance(value, str):
        return b"s" + value.encode("utf-8", "surrogatepass")
    return b"r" + repr(value).encode()
