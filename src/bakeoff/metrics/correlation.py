"""Correlation of predicted with true numbers: Pearson, and Spearman by mid-ranks.

They are spoken of as numbers and have no default ROPE: a correlation is no share of anything. Rows
without a prediction are left out, as in `bakeoff.metrics.regression`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bakeoff.metrics.base import Metric, Pairs, answered, weighted_sums
from bakeoff.metrics.blocks import in_blocks

if TYPE_CHECKING:
    from numpy.typing import NDArray


LONG_ROWS = 2**21
"""Weights at once for ranks: their steps are whole rows of resamples, better long than cached."""


class Pearson(Metric):
    """Pearson's correlation; NaN where truth or prediction is constant."""

    name = "pearson"
    title = "Pearson"
    kinds = frozenset({"regression"})
    higher_is_better = True
    value_range = (-1.0, 1.0)

    def statistics(self, pairs: Pairs) -> NDArray[np.float64]:
        """Return ``(n, 6)``: 1, truth and prediction, their squares and product.

        Both are taken from the mean of the truths, or numbers far from 0 would drown in rounding.
        """
        centre = pairs.truth.mean() if len(pairs) else 0.0
        truth = pairs.truth.astype(np.float64) - centre
        predicted = pairs.predicted.astype(np.float64) - centre
        ones = np.where(np.isnan(predicted), np.nan, 1.0)
        products = [truth**2, predicted**2, truth * predicted]
        return np.column_stack([ones, truth, predicted, *products])

    def total(
        self, statistics: NDArray[np.float64], weights: NDArray[np.float64] | None = None
    ) -> NDArray[np.float64]:
        """Return the correlation of each resample."""
        known, weights = answered(statistics, weights)
        count, x, y, xx, yy, xy = weighted_sums(known, weights).T
        with np.errstate(invalid="ignore", divide="ignore"):
            spread_x, spread_y = xx - x**2 / count, yy - y**2 / count
            value = (xy - x * y / count) / np.sqrt(spread_x * spread_y)
            defined = (spread_x > 1e-12 * xx) & (spread_y > 1e-12 * yy)
            return np.where(defined, np.clip(value, -1, 1), np.nan)


class Spearman(Metric):
    """Spearman's rank correlation, ties by mid-ranks; NaN where either side is constant."""

    name = "spearman"
    title = "Spearman"
    kinds = frozenset({"regression"})
    higher_is_better = True
    value_range = (-1.0, 1.0)

    def statistics(self, pairs: Pairs) -> NDArray[np.float64]:
        """Return ``(n, 2)``: truth and prediction; ranks depend on the resample."""
        return np.column_stack([pairs.truth, pairs.predicted]).astype(np.float64)

    def total(
        self, statistics: NDArray[np.float64], weights: NDArray[np.float64] | None = None
    ) -> NDArray[np.float64]:
        """Return the correlation of the ranks that the weighted rows have in each resample."""
        known, weights = answered(statistics, weights)
        if len(known) == 0:
            return in_blocks(np.asarray, 0, weights)
        truth, predicted = _Ranking(known[:, 0]), _Ranking(known[:, 1])
        # Rows in the order of the truth: without ties its ranks then need no gathering.
        rows = truth.order
        truth_codes, predicted_codes = truth.codes[rows], predicted.codes[rows]

        def of_block(block: NDArray[np.float64]) -> NDArray[np.float64]:
            by_row = np.ascontiguousarray(block.T)
            true_ranks, true_spread = truth.ranks(by_row)
            predicted_ranks, predicted_spread = predicted.ranks(by_row)
            if not truth.no_ties:
                true_ranks = true_ranks[truth_codes]
            covariance = np.einsum(
                "nb,nb,nb->b", by_row[rows], true_ranks, predicted_ranks[predicted_codes]
            )
            value = covariance / np.sqrt(true_spread * predicted_spread)
            smallest = 1e-12 * block.sum(axis=1) ** 3
            defined = np.minimum(true_spread, predicted_spread) > smallest
            return np.where(defined, np.clip(value, -1, 1), np.nan)

        return in_blocks(of_block, len(known), weights, cells=LONG_ROWS)


class _Ranking:
    """The order and the ties of ``n`` values, found once for all resamples."""

    def __init__(self, values: NDArray[np.float64]) -> None:
        self.order = np.argsort(values, kind="stable")
        distinct, self.starts, codes = np.unique(
            values[self.order], return_index=True, return_inverse=True
        )
        self.codes = np.empty(len(values), dtype=np.int64)
        self.codes[self.order] = codes
        self.no_ties = len(distinct) == len(values)

    def ranks(
        self, weights: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return mid-ranks minus their mean, and their weighted squared sum.

        A value's mid-rank is the weight below it plus half the weight tied with it. With resamples
        in columns every step is an addition of whole rows, four times faster than along them.

        Args:
            weights: ``(n, b)``, float64.

        Returns:
            ``(n_distinct, b)`` ranks of the distinct values, ascending, and ``(b,)`` sums.
        """
        tied = weights[self.order]
        if not self.no_ties:
            tied = np.add.reduceat(tied, self.starts, axis=0)
        below = np.empty_like(tied)
        running = np.zeros(tied.shape[1])
        for row, of_value in zip(below, tied, strict=True):
            row[:] = running
            running += of_value
        below -= running / 2
        below += tied / 2
        spread = (running**3 - np.einsum("gb,gb,gb->b", tied, tied, tied)) / 12
        return below, spread
