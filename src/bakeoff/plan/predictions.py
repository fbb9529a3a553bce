"""Predictions of new rows as a table to write: the row's columns, the prediction, how sure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from bakeoff.data.columns import ColumnType
from bakeoff.tasks.kind import load_kind

if TYPE_CHECKING:
    from bakeoff.data.dataset import Dataset
    from bakeoff.plan.model import Model

_BINARY = (ColumnType.IMAGE, ColumnType.AUDIO)


def prediction_table(model: Model, dataset: Dataset) -> pa.Table:
    """Return the rows' own columns (pictures left out), ``prediction`` and ``confidence``."""
    predictions = model.predictions(dataset)
    task = model.saved.task
    columns = {
        column.name: dataset.table[column.name]
        for column in dataset.columns
        if column.type not in _BINARY
    }
    if task.kind == "regression":
        prediction = pa.array(predictions.values)
    else:
        prediction = pa.array(load_kind(task.kind).display(task, predictions))
    taken = {"prediction", "confidence"} & set(columns)
    renamed = {f"{name}_given" if name in taken else name: c for name, c in columns.items()}
    confidence = pa.array(predictions.confidence)
    return pa.table({**renamed, "prediction": prediction, "confidence": confidence})
