"""When predictions are well formed, and when two of them are the same."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from bakeoff.tasks.predictions import USAGE_TYPE
from bakeoff.testing.check import expect

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bakeoff.data.inputs import Inputs
    from bakeoff.tasks.predictions import Predictions
    from bakeoff.tasks.spec import TaskSpec

TOLERANCE = 1e-9
"""Two predictions are the same if no number differs by more (relative to its size above 1)."""

BATCH_TOLERANCE = 1e-5
"""The same, for rows predicted in other company: float32 products are summed in another order."""

_VALUE_COLUMN = {
    "classification": "label",
    "regression": "value",
    "language-modelling": "nats",
}
_TYPES = {
    "id": pa.int64(),
    "status": pa.string(),
    "confidence": pa.float64(),
    "usage": USAGE_TYPE,
    "label": pa.int32(),
    "value": pa.float64(),
    "nats": pa.float64(),
}


def expect_well_formed(predictions: Predictions, inputs: Inputs, task: TaskSpec) -> None:
    """Check columns, ids, statuses and numbers of predictions for ``inputs``.

    Raises:
        ContractError: Something does not hold; the message says what, and the first row.
    """
    names = {"id", "status", "confidence", "usage", _VALUE_COLUMN[task.kind]}
    got = set(predictions.table.column_names)
    expect(names <= got, f"columns {sorted(names - got)} are absent from the predictions")
    for name in names:
        kind = predictions.table[name].type
        expect(kind == _TYPES[name], f"column '{name}' is {kind}, not {_TYPES[name]}")
    expect(
        np.array_equal(predictions.ids, inputs.ids),
        f"ids do not come back in order: {_first_difference(predictions.ids, inputs.ids)}",
    )
    empty = predictions.table[_VALUE_COLUMN[task.kind]].is_null().to_numpy()
    wrong = np.flatnonzero(empty != predictions.is_missing)
    expect(not len(wrong), f"row {_at(wrong)}: a status stands where, and only where, none is")
    expect(not np.isinf(predictions.confidence).any(), "a confidence is infinite")
    if task.kind == "regression":
        values = predictions.values[~predictions.is_missing]
        expect(np.isfinite(values).all(), "a predicted number is not finite; give a status instead")
    elif task.kind == "language-modelling":
        nats = predictions.nats[~predictions.is_missing]
        expect(np.isfinite(nats).all(), "a text is impossible; every text must have some chance")
        expect((nats >= -1e-6).all(), f"a text has {nats.min(initial=0):.3g} nats, below 0")
    else:
        codes = predictions.codes[~predictions.is_missing]
        inside = (codes >= 0) & (codes < len(task.classes))
        expect(inside.all(), f"a label is not one of the task's {len(task.classes)} classes")
        expect_probabilities(predictions, task)


def expect_probabilities(predictions: Predictions, task: TaskSpec) -> None:
    """Check that probabilities, where given, follow ``task.classes`` and agree with the labels.

    Raises:
        ContractError: They do not.
    """
    chances = predictions.probabilities
    if chances is None:
        return
    n_classes = len(task.classes)
    expect(
        chances.shape == (len(predictions), n_classes),
        f"probabilities have shape {chances.shape}, not {(len(predictions), n_classes)}",
    )
    expect(np.isfinite(chances).all(), "a probability is not finite")
    expect((chances >= -1e-9).all(), f"a probability is {chances.min(initial=0):.3g}, below 0")
    off = np.flatnonzero(np.abs(chances.sum(axis=1) - 1) > 1e-6)
    expect(not len(off), f"row {_at(off)}: probabilities do not sum to 1 within 1e-6")
    present = np.flatnonzero(~predictions.is_missing)
    chosen = chances[present, predictions.codes[present]]
    lower = present[chosen < chances[present].max(axis=1, initial=0) - 1e-9]
    expect(not len(lower), f"row {_at(lower)}: the label is not the most probable class")


def expect_same(
    got: Predictions, wanted: Predictions, when: str, tolerance: float = TOLERANCE
) -> None:
    """Check that two predictions for the same rows are the same, usage and all but seconds.

    Args:
        got: What is checked.
        wanted: What it is compared with.
        when: For the message, after "predictions changed".
        tolerance: Largest difference of two numbers, relative to the size of those above 1.

    Raises:
        ContractError: They differ; the message shows the first row.
    """
    expect(
        set(got.table.column_names) == set(wanted.table.column_names),
        f"the columns of the predictions changed {when}: {got.table.column_names}",
    )
    for name in wanted.table.column_names:
        ours, theirs = (_without_clock(each.table[name].to_pylist()) for each in (got, wanted))
        expect(len(ours) == len(theirs), f"{len(theirs)} predictions became {len(ours)} {when}")
        for row, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            expect(
                _alike(one, other, tolerance),
                f"predictions changed {when}: row {row}, {name} {other} became {one}",
            )


def _without_clock(cells: list[Any]) -> list[Any]:
    """Return the cells of a column; those of usage without what a clock says of the calls."""
    return [
        [pair for pair in cell if not str(pair[0]).endswith("/seconds")]
        if isinstance(cell, list) and cell and isinstance(cell[0], tuple)
        else cell
        for cell in cells
    ]


def _alike(one: object, other: object, tolerance: float) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return one == other or math.isclose(one, other, rel_tol=tolerance, abs_tol=tolerance)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(
            _alike(a, b, tolerance) for a, b in zip(one, other, strict=True)
        )
    return one == other


def _first_difference(got: NDArray[np.int64], wanted: NDArray[np.int64]) -> str:
    if len(got) != len(wanted):
        return f"{len(wanted)} rows were given, {len(got)} predicted"
    row = int(np.flatnonzero(got != wanted)[0]) if (got != wanted).any() else 0
    return f"row {row} has id {got[row] if len(got) else None}"


def _at(rows: NDArray[np.intp]) -> int:
    return int(rows[0]) if len(rows) else -1
