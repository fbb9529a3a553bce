"""How predictions of several parts become one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from bakeoff.tasks.predictions import USAGE_TYPE, Predictions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

_LABEL_ALONE = 0.9
"""Probability that a bare label stands for, where a part gives no probabilities."""


def override(base: Predictions, other: Predictions, rows: NDArray[np.int64]) -> Predictions:
    """Return ``base`` with the usable ones of ``other`` in its rows at ``rows``.

    Columns that only one of the two has are dropped: probabilities stay only if both give them.
    """
    usable = np.flatnonzero(~other.is_missing)
    index = np.arange(len(base))
    index[rows[usable]] = len(base) + usable
    return Predictions.concatenate([base, other]).take(index)


def with_columns(
    predictions: Predictions,
    confidence: NDArray[np.float64],
    usage: Sequence[Mapping[str, float]],
) -> Predictions:
    """Return the predictions with another ``confidence`` (NaN: none) and ``usage``."""
    kept = predictions.table.drop_columns(["confidence", "usage"])
    sureness = pa.array(confidence, pa.float64(), mask=np.isnan(confidence))
    used = pa.array([list(row.items()) for row in usage], USAGE_TYPE)
    return Predictions(kept.append_column("confidence", sureness).append_column("usage", used))


def total_usage(usages: Sequence[Sequence[Mapping[str, float]]]) -> list[dict[str, float]]:
    """Return what each row used over all parts; every part lists the same rows."""
    totals = []
    for rows in zip(*usages, strict=True):
        total: dict[str, float] = {}
        for row in rows:
            for unit, amount in row.items():
                total[unit] = total.get(unit, 0.0) + amount
        totals.append(total)
    return totals


def beliefs(predictions: Predictions, n_classes: int) -> NDArray[np.float64]:
    """Return ``(n, n_classes)`` probabilities, whether the part gives any or not.

    A bare label becomes 0.9 for its class with the rest spread evenly; a missing prediction
    becomes the uniform one, which says nothing.
    """
    given = predictions.probabilities
    if given is None:
        rest = (1 - _LABEL_ALONE) / max(n_classes - 1, 1)
        given = np.full((len(predictions), n_classes), rest)
        present = np.flatnonzero(~predictions.is_missing)
        given[present, predictions.codes[present]] = _LABEL_ALONE
    uniform = 1 / max(n_classes, 1)
    return np.where(predictions.is_missing[:, None], uniform, given)


def spread(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the standard deviation within each row of ``(n, m)``; NaN with fewer than two."""
    known = ~np.isnan(values)
    count = known.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(known, values, 0).sum(axis=1) / count
        variance = np.where(known, (values - mean[:, None]) ** 2, 0).sum(axis=1) / count
    return np.where(count > 1, np.sqrt(variance), np.nan)
