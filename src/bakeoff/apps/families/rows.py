"""Two small sets made on the spot, the same rows for every family: docstrings and digits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bakeoff.core.seeds import generator
from bakeoff.data.columns import Column, ColumnType
from bakeoff.data.inputs import Inputs
from bakeoff.data.readers import digits, docstrings
from bakeoff.tasks.examples import Examples
from bakeoff.tasks.spec import TaskSpec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

LEARN, VALID, TEST = 900, 100, 500
"""Rows to learn from, rows to stop early by, rows to be judged on."""


@dataclass(frozen=True, slots=True)
class SmallSet:
    """Examples in three parts.

    Args:
        train: To learn from.
        valid: For early stopping and choices.
        test: Seen by no fit.
    """

    train: Examples
    valid: Examples
    test: Examples


def read_docstrings() -> tuple[list[str], list[str]]:
    """Return all docstrings of this Python's library, and the area that each is of."""
    table = docstrings.read("docstrings", "docstrings").table
    return table["text"].to_pylist(), table["area"].to_pylist()


def text_set(texts: Sequence[str], areas: Sequence[str], *, seed: int) -> SmallSet:
    """Return docstrings as one text column, drawn at random; the area is predicted."""
    columns = {Column("text", ColumnType.TEXT): pa.array(texts, pa.large_string())}
    return _divide(columns, areas, seed)


def picture_sets(*, seed: int) -> tuple[SmallSet, SmallSet]:
    """Return digits twice, the same rows: as one picture column, and as 64 columns of grey."""
    table = digits.read("sklearn:digits", "sklearn:digits").table
    labels = table["label"].to_pylist()
    pictures = {Column("image", ColumnType.IMAGE): table["image"].combine_chunks()}
    from sklearn.datasets import load_digits

    grey = load_digits().data
    numbers = {
        Column(f"pixel {place:02}", ColumnType.NUMBER): pa.array(grey[:, place], pa.float64())
        for place in range(grey.shape[1])
    }
    return _divide(pictures, labels, seed), _divide(numbers, labels, seed)


def _divide(columns: dict[Column, pa.Array], labels: Sequence[str], seed: int) -> SmallSet:
    classes = tuple(sorted(set(labels)))
    task = TaskSpec("classification", tuple(columns), "label", ("accuracy",), classes)
    table = pa.table({column.name: cells for column, cells in columns.items()})
    codes = pc.index_in(pa.array(labels), pa.array(classes)).to_numpy().astype(np.int32)
    everything = Examples(task, Inputs(np.arange(len(codes)), table, tuple(columns)), codes)
    order: NDArray[np.int64] = generator(seed, "families", "rows").permutation(len(codes))
    ends = np.cumsum([LEARN, VALID, TEST])
    train, valid, test = np.split(order[: ends[-1]], ends[:-1])
    return SmallSet(everything.take(train), everything.take(valid), everything.take(test))
