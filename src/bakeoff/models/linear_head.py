"""A linear model on any features, for classes or numbers, its penalty chosen on held-out rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bakeoff.core.seeds import generator
from bakeoff.models.logistic import LogisticRegression
from bakeoff.models.ridge import Ridge

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import scipy.sparse as sp
    from numpy.typing import NDArray

    Features = NDArray[np.float32] | sp.csr_matrix
    LinearHead = LogisticRegression | Ridge

GRID = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
"""Inverse strengths of the penalty that are tried."""

_FEWEST_HELD_OUT = 50
_MOST_CELLS = 2_000_000
"""Rows times classes that the search for a penalty learns from."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Features ``(n, n_features)``, float32, CSR or dense, and targets ``(n,)``.

    Of rows that a teacher labelled the targets may be ``(n, n_classes)``, shares of each class.
    """

    features: Features
    targets: NDArray[Any]


def fit_head(
    rows: Rows,
    n_classes: int,
    C: float,  # noqa: N803 - the name that everyone knows
    start: LinearHead | None = None,
) -> LinearHead:
    """Return logistic regression, or ridge regression with ``alpha = 10 / C``.

    Args:
        rows: To learn from.
        n_classes: Number of classes of the task; 0 for numbers.
        C: Inverse strength of the penalty.
        start: A head of the same features and classes to set out from.
    """
    if n_classes == 0:
        return Ridge.fit(rows.features, rows.targets, alpha=10 / C)
    begin = start if isinstance(start, LogisticRegression) else None
    return LogisticRegression.fit(rows.features, rows.targets, n_classes, C=C, start=begin)


def adapt_head(head: LinearHead, train: Rows, valid: Rows | None, default: float) -> LinearHead:
    """Return a head of other rows that is drawn towards this one, and not towards zero.

    Args:
        head: As it was learned.
        train: Rows to go on with.
        valid: Rows that choose how far it may go; None or too few: ``default``.
        default: Inverse strength of the penalty; see `fit_head`.
    """

    def adapted(c: float) -> LinearHead:
        if isinstance(head, Ridge):
            return head.adapted(train.features, train.targets, alpha=10 / c)
        return head.adapted(train.features, train.targets, C=c)

    if valid is None or len(valid.targets) < _FEWEST_HELD_OUT:
        return adapted(default)

    def loss(c: float) -> float:
        return held_out_loss(adapted(c).outputs(valid.features), valid.targets)

    return adapted(climb(loss, GRID, default))


def load_head(arrays: Mapping[str, NDArray[np.generic]], prefix: str, n_classes: int) -> LinearHead:
    """Return the head whose ``arrays(prefix)`` were saved; ``n_classes`` as in `fit_head`."""
    kind = LogisticRegression if n_classes else Ridge
    return kind.of_arrays(arrays, prefix)


def choose_c(train: Rows, valid: Rows | None, n_classes: int, default: float) -> float:
    """Return the penalty that is best on held-out rows, from `GRID`; ``default`` with too few.

    Classes are judged by log loss, which punishes overconfidence; numbers by squared error. Of
    very many rows a part is learned from: the best penalty hardly changes with their number.
    """
    if valid is None or len(valid.targets) < _FEWEST_HELD_OUT:
        return default
    head: LinearHead | None = None
    train = _some(train, n_classes)

    def loss(c: float) -> float:
        nonlocal head
        head = fit_head(train, n_classes, c, head)
        return held_out_loss(head.outputs(valid.features), valid.targets)

    return climb(loss, GRID, default)


def _some(rows: Rows, n_classes: int) -> Rows:
    n = len(rows.targets)
    most = _MOST_CELLS // max(n_classes, 1)
    if n <= most:
        return rows
    chosen = np.sort(generator(0, "penalty").permutation(n)[:most])
    return Rows(rows.features[chosen], rows.targets[chosen])


def held_out_loss(outputs: NDArray[np.float64], targets: NDArray[Any]) -> float:
    """Return the mean log loss of probabilities, or the mean squared error of numbers."""
    if outputs.ndim == 1:
        return float(np.mean((outputs - targets) ** 2))
    true = outputs[np.arange(len(targets)), targets]
    return float(-np.log(np.maximum(true, 1e-6)).mean())


def climb(loss: Callable[[float], float], grid: Sequence[float], start: float) -> float:
    """Return the point of a rising grid from which no neighbour has a smaller loss.

    Losses along a penalty have one valley, so that a few evaluations find it.
    """
    position = grid.index(start)
    best = loss(start)
    for direction in (1, -1):
        moved = False
        while 0 <= position + direction < len(grid):
            value = loss(grid[position + direction])
            if not value < best:
                break
            position, best, moved = position + direction, value, True
        if moved:
            break
    return grid[position]
