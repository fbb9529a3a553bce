"""The details behind a verdict: confusion, reliability, scatter, rows of disagreement."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, Any

import numpy as np

from bakeoff.core.seeds import generator
from bakeoff.data.columns import ColumnType
from bakeoff.results.analysis import Confusion, Disagreement, Estimate, ReliabilityBin
from bakeoff.statistics.intervals import wilson
from bakeoff.tasks.kind import load_kind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bakeoff.protocol.work import Work
    from bakeoff.tasks.predictions import Predictions

SHOWN = 20
SCATTER_POINTS = 1_000
THUMBNAIL_PIXELS = 96


def confusion(
    name: str, truth: NDArray[Any], predictions: Predictions, classes: tuple[str, ...]
) -> Confusion:
    """Return counts of truth against prediction; the last column counts missing predictions."""
    k = len(classes)
    predicted = np.where(predictions.codes < 0, k, predictions.codes)
    known = truth >= 0
    counts = np.zeros((k, k + 1), dtype=np.int64)
    np.add.at(counts, (truth[known], predicted[known]), 1)
    return Confusion(name, classes, tuple(tuple(int(v) for v in row) for row in counts))


def reliability(
    truth: NDArray[Any], predictions: Predictions, *, bins: int = 10
) -> tuple[ReliabilityBin, ...]:
    """Return how often the label was right where the largest probability lay in each bin."""
    probabilities = predictions.probabilities
    if probabilities is None:
        return ()
    top = probabilities.max(axis=1)
    right = predictions.codes == truth
    place = np.minimum((top * bins).astype(np.int64), bins - 1)
    found = []
    for number in range(bins):
        inside = place == number
        n = int(inside.sum())
        if n:
            hits = int(right[inside].sum())
            low, high = wilson(hits / n, n, 0.05)
            accuracy = Estimate(hits / n, low, high, n, "wilson")
            found.append(
                ReliabilityBin(
                    number / bins, (number + 1) / bins, n, float(top[inside].mean()), accuracy
                )
            )
    return tuple(found)


def scatter(
    truth: NDArray[Any], predictions: Predictions, seed: int
) -> tuple[tuple[float, float], ...]:
    """Return truth and prediction of up to 1,000 rows, drawn by a fixed seed."""
    values = predictions.values
    rows = np.flatnonzero(~np.isnan(values))
    if len(rows) > SCATTER_POINTS:
        rows = np.sort(generator(seed, "scatter").choice(rows, SCATTER_POINTS, replace=False))
    return tuple((float(truth[row]), float(values[row])) for row in rows)


def disagreeing(work: Work, first: Predictions, second: Predictions) -> NDArray[np.int64]:
    """Return positions where two contenders differ.

    Numbers differ when they are further apart than half a standard deviation of the target.
    """
    if work.task.kind == "regression":
        spread = float(np.nanstd(work.targets)) or 1.0
        apart = np.abs(first.values - second.values) > spread / 2
    else:
        kind = load_kind(work.task.kind)
        pairs = zip(kind.display(work.task, first), kind.display(work.task, second), strict=True)
        apart = np.array([a != b for a, b in pairs], dtype=np.bool_)
    return np.flatnonzero(apart & ~first.is_missing & ~second.is_missing)


def disagreements(
    work: Work, first: Predictions, second: Predictions
) -> tuple[tuple[Disagreement, ...], int]:
    """Return a fixed-seed sample of the rows on which two contenders differ, and their number."""
    apart = disagreeing(work, first, second)
    rng = generator(work.plan.seed, "disagreements")
    shown = rng.permutation(apart)[:SHOWN]
    kind = load_kind(work.task.kind)
    ids = first.ids[shown]
    truth = kind.display_targets(work.task, work.targets[ids])
    ours = kind.display(work.task, first.take(shown))
    theirs = kind.display(work.task, second.take(shown))
    confidences = [_confidences(p.take(shown)) for p in (first, second)]
    found = [
        Disagreement(
            id=int(ids[i]),
            row=int(work.row[ids[i]]),
            texts=_cells(work, int(ids[i])),
            truth=truth[i],
            first=ours[i],
            second=theirs[i],
            first_confidence=confidences[0][i],
            second_confidence=confidences[1][i],
        )
        for i in range(len(shown))
    ]
    return tuple(found), len(apart)


def _confidences(predictions: Predictions) -> list[float | None]:
    """Return the largest probability of each row, None where there are no probabilities."""
    probabilities = predictions.probabilities if "label" in predictions.table.column_names else None
    if probabilities is None:
        return [None] * len(predictions)
    return [float(value) for value in probabilities.max(axis=1)]


def _cells(work: Work, row: int) -> dict[str, str]:
    cells = {}
    for column in work.task.inputs:
        value = work.table[column.name][row].as_py()
        if column.type is ColumnType.IMAGE:
            cells[column.name] = thumbnail(value) if value else ""
        elif isinstance(value, float):
            cells[column.name] = f"{value:.6g}"
        else:
            cells[column.name] = "" if value is None else str(value)
    return cells


def thumbnail(content: bytes) -> str:
    """Return a picture as a small PNG in a ``data:`` URI."""
    from PIL import Image

    with Image.open(io.BytesIO(content)) as picture:
        small = picture.convert("RGB")
        scale = THUMBNAIL_PIXELS / max(small.size)
        size = (max(1, round(small.width * scale)), max(1, round(small.height * scale)))
        resample = Image.Resampling.NEAREST if scale > 1 else Image.Resampling.LANCZOS
        buffer = io.BytesIO()
        small.resize(size, resample).save(buffer, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
