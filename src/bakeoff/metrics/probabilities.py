"""Metrics of predicted probabilities: log loss, Brier score and expected calibration error.

A row without a prediction is charged as if every class had the same probability: that is what a
contender that says nothing knows. A contender that gives no probabilities at all gets NaN.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bakeoff.metrics.base import MeanMetric, Metric, Pairs, answered
from bakeoff.metrics.blocks import in_blocks, sums_by_code

if TYPE_CHECKING:
    from numpy.typing import NDArray


class LogLoss(MeanMetric):
    """Mean of the negative natural logarithm of the true class's probability, in nats."""

    name = "log_loss"
    title = "log loss"
    kinds = frozenset({"classification"})
    higher_is_better = False
    value_range = (0.0, float("inf"))
    needs_probabilities = True

    def statistics(self, pairs: Pairs) -> NDArray[np.float64]:
        """Return ``(n, 1)``, nats; probabilities are kept off 0 by the machine's epsilon."""
        chances = _chances(pairs)
        tiny = np.finfo(np.float64).eps
        of_truth = chances[np.arange(len(pairs)), pairs.truth]
        return np.asarray(-np.log(np.clip(of_truth, tiny, 1 - tiny)))[:, None]


class Brier(MeanMetric):
    """Mean squared distance of the probabilities from the truth.

    Halved for two classes, so that it is the squared error of one class's probability there, as
    scikit-learn and most readers have it; from 0 to 2 otherwise (Brier 1950).
    """

    name = "brier"
    title = "Brier score"
    kinds = frozenset({"classification"})
    higher_is_better = False
    value_range = (0.0, 2.0)
    needs_probabilities = True

    def statistics(self, pairs: Pairs) -> NDArray[np.float64]:
        """Return ``(n, 1)``: the squared distance of each row."""
        distance = _chances(pairs).copy()
        distance[np.arange(len(pairs)), pairs.truth] -= 1
        scale = 0.5 if distance.shape[1] == 2 else 1.0
        return np.asarray(scale * np.square(distance).sum(axis=1, keepdims=True))


class ExpectedCalibrationError(Metric):
    """Mean gap between confidence and accuracy over 15 equal bins of confidence (Guo et al. 2017).

    Confidence is the largest probability; what counts as right is the predicted class.
    """

    name = "ece"
    title = "ECE"
    kinds = frozenset({"classification"})
    higher_is_better = False
    value_range = (0.0, 1.0)
    needs_probabilities = True
    n_bins = 15

    def statistics(self, pairs: Pairs) -> NDArray[np.float64]:
        """Return ``(n, 2)``: bin (closed on the right), and right (0 or 1) minus confidence."""
        confidence = _chances(pairs).max(axis=1)
        bins = np.clip(np.ceil(confidence * self.n_bins) - 1, 0, self.n_bins - 1)
        return np.column_stack([bins, (pairs.truth == pairs.predicted) - confidence])

    def total(
        self, statistics: NDArray[np.float64], weights: NDArray[np.float64] | None = None
    ) -> NDArray[np.float64]:
        """Return the sum over bins of the absolute summed gaps, per row."""
        known, weights = answered(statistics, weights)
        bins = known[:, 0].astype(np.int64)

        def of_block(block: NDArray[np.float64]) -> NDArray[np.float64]:
            gaps = np.abs(sums_by_code(bins, self.n_bins, block, known[:, 1])).sum(axis=1)
            return np.asarray(gaps / block.sum(axis=1), dtype=np.float64)

        return in_blocks(of_block, len(known), weights)


def _chances(pairs: Pairs) -> NDArray[np.float64]:
    """Return ``(n, n_classes)``: the probabilities, uniform in rows without a prediction."""
    if pairs.probabilities is None:
        return np.full((len(pairs), max(1, len(pairs.classes))), np.nan)
    missing = (pairs.predicted < 0) | np.isnan(pairs.probabilities).any(axis=1)
    uniform = 1 / pairs.probabilities.shape[1]
    return np.where(missing[:, None], uniform, pairs.probabilities)
