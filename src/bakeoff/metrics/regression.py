"""Metrics of the error of predicted numbers: MSE, RMSE, MAE and R2.

A missing prediction has no error that could be stated without inventing one, so its row is NaN
and left out; how many rows that are is counted beside the score, and a paired comparison uses only
rows that both contenders answered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bakeoff.metrics.base import MeanMetric, Metric, Pairs, answered, weighted_sums

if TYPE_CHECKING:
    from numpy.typing import NDArray


class MeanSquaredError(MeanMetric):
    """Mean squared error, in the target's unit squared."""

    name = "mse"
    title = "MSE"
    kinds = frozenset({"regression"})
    higher_is_better = False
    value_range = (0.0, float("inf"))

    def statistics(self, pairs: Pairs) -> NDArray[np.float64]:
        """Return ``(n, 1)``: squared errors."""
        return np.asarray(np.square(pairs.predicted - pairs.truth), dtype=np.float64)[:, None]


class RootMeanSquaredError(Metric):
    """Root of the mean squared error, in the target's unit."""

    name = "rmse"
    title = "RMSE"
    kinds = frozenset({"regression"})
    higher_is_better = False
    value_range = (0.0, float("inf"))

    def statistics(self, pairs: Pairs) -> NDArray[np.float64]:
        """Return ``(n, 1)``: squared errors."""
        return MeanSquaredError().statistics(pairs)

    def total(
        self, statistics: NDArray[np.float64], weights: NDArray[np.float64] | None = None
    ) -> NDArray[np.float64]:
        """Return the root of the weighted mean."""
        return np.sqrt(MeanSquaredError().total(statistics, weights))


class MeanAbsoluteError(MeanMetric):
    """Mean absolute error, in the target's unit."""

    name = "mae"
    title = "MAE"
    kinds = frozenset({"regression"})
    higher_is_better = False
    value_range = (0.0, float("inf"))

    def statistics(self, pairs: Pairs) -> NDArray[np.float64]:
        """Return ``(n, 1)``: absolute errors."""
        return np.asarray(np.abs(pairs.predicted - pairs.truth), dtype=np.float64)[:, None]


class R2(Metric):
    """Share of the target's variance that is explained; NaN for a constant target."""

    name = "r2"
    title = "R2"
    kinds = frozenset({"regression"})
    higher_is_better = True
    value_range = (float("-inf"), 1.0)

    def statistics(self, pairs: Pairs) -> NDArray[np.float64]:
        """Return ``(n, 4)``: 1, centred truth, its square, squared error."""
        # Centred, or the variance of truths far from 0 would drown in rounding.
        centred = pairs.truth - pairs.truth.mean() if len(pairs) else pairs.truth
        squared_error = (pairs.predicted - pairs.truth) ** 2
        return np.column_stack([np.ones(len(pairs)), centred, centred**2, squared_error])

    def total(
        self, statistics: NDArray[np.float64], weights: NDArray[np.float64] | None = None
    ) -> NDArray[np.float64]:
        """Return 1 - squared errors / squared deviations from the resample's own mean."""
        known, weights = answered(statistics, weights)
        count, first, second, error = weighted_sums(known, weights).T
        with np.errstate(invalid="ignore", divide="ignore"):
            deviation = second - first**2 / count
            defined = deviation > 1e-12 * second
            return np.where(defined, 1 - error / deviation, np.nan)
