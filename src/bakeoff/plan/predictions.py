"""Predictions of new rows as a table to write: the row's columns, what is said of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from bakeoff.data import corpus
from bakeoff.data.columns import ColumnType
from bakeoff.metrics.registry import load_metric
from bakeoff.tasks.kind import load_kind

if TYPE_CHECKING:
    from bakeoff.data.dataset import Dataset
    from bakeoff.plan.model import Model

N_SAID = 2
"""Columns that are said of a row, whatever the task; they stand last."""

_BINARY = (ColumnType.IMAGE, ColumnType.AUDIO)


def prediction_table(model: Model, dataset: Dataset) -> pa.Table:
    """Return the rows' own columns (pictures left out) and those of `said_of`."""
    said = said_of(model, dataset)
    columns = {
        column.name: dataset.table[column.name]
        for column in dataset.columns
        if column.type not in _BINARY
    }
    renamed = {f"{name}_given" if name in said else name: c for name, c in columns.items()}
    return pa.table({**renamed, **said})


def said_of(model: Model, dataset: Dataset) -> dict[str, pa.Array]:
    """Return ``prediction`` and ``confidence`` of rows; ``nats`` and ``bits_per_byte`` of texts.

    A text's nats are minus the natural logarithm of its probability; its bits per byte are the
    same, for each byte of UTF-8, so that texts of all lengths can be compared.
    """
    predictions = model.predictions(dataset)
    task = model.saved.task
    if task.kind == corpus.KIND:
        texts = dataset.table[task.target].combine_chunks()
        kind = load_kind(task.kind)
        pairs = kind.pairs(task, kind.targets(texts, ()), predictions)
        bits, size = load_metric("bits_per_byte").statistics(pairs).T
        per_byte = [b / n if n else None for b, n in zip(bits, size, strict=True)]
        return {
            "nats": pa.array(predictions.nats),
            "bits_per_byte": pa.array(per_byte, pa.float64()),
        }
    if task.kind == "regression":
        prediction = pa.array(predictions.values)
    else:
        prediction = pa.array(load_kind(task.kind).display(task, predictions))
    return {"prediction": prediction, "confidence": pa.array(predictions.confidence)}
