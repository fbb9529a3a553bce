"""Scores of rows by linear models that did not see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bakeoff.core.seeds import generator
from bakeoff.models.linear_head import Rows, fit_head

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FOLDS = 4


def out_of_fold(rows: Rows, n_classes: int, c: float) -> NDArray[np.float32]:
    """Return what `score_features` gives for each row, by a model of the other folds' rows.

    What a model says of its own training rows is far too good, and whatever is built on it would
    trust it too much. With fewer than eight rows there is nothing to hold out: all scores are 0.

    Args:
        rows: Features and targets.
        n_classes: Number of classes of the task; 0 for numbers.
        c: Inverse strength of the penalty.

    Returns:
        ``(n, n_classes)`` or ``(n, 1)``, float32.
    """
    n = len(rows.targets)
    found = np.zeros((n, max(n_classes, 1)), dtype=np.float32)
    if n < 2 * _FOLDS:
        return found
    fold = generator(0, "out-of-fold").permutation(n) % _FOLDS
    for part in range(_FOLDS):
        learn, judge = np.flatnonzero(fold != part), np.flatnonzero(fold == part)
        head = fit_head(Rows(rows.features[learn], rows.targets[learn]), n_classes, c)
        found[judge] = score_features(head.outputs(rows.features[judge]))
    return found


def score_features(outputs: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return outputs as features of other models: log probabilities, or numbers in one column."""
    if outputs.ndim == 1:
        return outputs[:, None].astype(np.float32)
    return np.log(np.maximum(outputs, 1e-6)).astype(np.float32)
