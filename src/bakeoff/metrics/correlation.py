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


class Pearson(Metric):
    """Pearson's correlation; NaN where truth or prediction is constant."""

    name = "pearson"
    title = "Pearson"
    kinds = frozenset({"regression"})
    higher_is_better = True
    value_range = (-1.0, 1.0)

    def statistics(self, pairs: Pairs) -> NDArray[np.float64]:
        """Return ``(n, 6)``: 1, truth and prediction (both centred), their squares, product."""
        truth = _centred(pairs.truth.astype(np.float64))
        predicted = _centred(pairs.predicted.astype(np.float64))
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
        # In the order of the truth, one gather less is needed for every resample.
        order = np.argsort(known[:, 0], kind="stable")
        truth = _Ranking(known[order, 0])
        predicted = _Ranking(known[order, 1])

        def of_block(block: NDArray[np.float64]) -> NDArray[np.float64]:
            block = block[:, order]
            true_ranks, true_spread = truth.ranks(block)
            predicted_ranks, predicted_spread = predicted.ranks(block)
            covariance = np.einsum("bn,bn,bn->b", block, true_ranks, predicted_ranks)
            value = covariance / np.sqrt(true_spread * predicted_spread)
            smallest = 1e-12 * block.sum(axis=1) ** 3
            defined = np.minimum(true_spread, predicted_spread) > smallest
            return np.where(defined, np.clip(value, -1, 1), np.nan)

        return in_blocks(of_block, len(known), weights)


class _Ranking:
    """The ties of ``n`` values, found once for all resamples."""

    def __init__(self, values: NDArray[np.float64]) -> None:
        self.order = np.argsort(values, kind="stable")
        distinct, self.starts, codes = np.unique(
            values[self.order], return_index=True, return_inverse=True
        )
        self.codes = np.empty(len(values), dtype=np.int64)
        self.codes[self.order] = codes
        self.in_order = bool((self.order == np.arange(len(values))).all())
        self.no_ties = len(distinct) == len(values)

    def ranks(
        self, weights: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return mid-ranks minus their mean ``(b, n)``, and their weighted squared sum ``(b,)``.

        A value's mid-rank is the weight below it plus half the weight tied with it.
        """
        ordered = weights if self.in_order else weights[:, self.order]
        tied = ordered if self.no_ties else np.add.reduceat(ordered, self.starts, axis=1)
        middle = np.cumsum(tied, axis=1)
        middle -= middle[:, -1:] / 2 + tied / 2
        spread = np.einsum("bg,bg,bg->b", tied, middle, middle)
        if self.in_order and self.no_ties:
            return middle, spread
        return middle[:, self.codes], spread


def _centred(values: NDArray[np.float64]) -> NDArray[np.float64]:
    known = values[~np.isnan(values)]
    return values - known.mean() if len(known) else values
