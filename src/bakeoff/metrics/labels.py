"""Metrics of predicted classes: accuracy, recall, F1 and Matthews' correlation.

A missing prediction (code -1) is an error of its true class and a prediction of none.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.metrics.base import MeanMetric, Metric, Pairs, weighted_sums
from bakeoff.metrics.blocks import in_blocks, sums_by_code

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NO = re.compile(r"(0|no|not|non|false|negative|neg)([^a-z].*)?$", re.IGNORECASE)


class Accuracy(MeanMetric):
    """Share of rows whose class is right."""

    name = "accuracy"
    title = "accuracy"
    kinds = frozenset({"classification"})
    higher_is_better = True
    value_range = (0.0, 1.0)
    percent = True
    proportion = True

    def statistics(self, pairs: Pairs) -> NDArray[np.float64]:
        """Return ``(n, 1)``: 1 where the class is right, else 0."""
        return np.asarray(pairs.truth == pairs.predicted, dtype=np.float64)[:, None]


class CodesMetric(Metric):
    """A metric of the confusion counts: write `of_codes` only.

    The statistics are the two codes themselves, not a one-hot table: two columns serve two classes
    and two hundred alike.
    """

    kinds = frozenset({"classification"})
    higher_is_better = True

    def statistics(self, pairs: Pairs) -> NDArray[np.float64]:
        """Return ``(n, 2)``: code of the truth and of the prediction (-1: missing)."""
        return np.column_stack([pairs.truth, pairs.predicted]).astype(np.float64)

    def total(
        self, statistics: NDArray[np.float64], weights: NDArray[np.float64] | None = None
    ) -> NDArray[np.float64]:
        """Return the metric of each resample's confusion counts."""
        codes = statistics.astype(np.int64)
        if len(codes) == 0:
            return in_blocks(np.asarray, 0, weights)
        # Rows of one cell of the confusion table are added first: there are far fewer cells.
        width = int(codes[:, 1].max()) + 2
        keys, cells = np.unique(codes[:, 0] * width + codes[:, 1] + 1, return_inverse=True)
        truth, predicted = keys // width, keys % width - 1

        def of_block(block: NDArray[np.float64]) -> NDArray[np.float64]:
            return self.of_codes(truth, predicted, sums_by_code(cells, len(keys), block))

        return in_blocks(of_block, len(codes), weights)

    @abstractmethod
    def of_codes(
        self,
        truth: NDArray[np.int64],
        predicted: NDArray[np.int64],
        weights: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Return ``(b,)`` from the codes ``(c,)`` of cells and their weights ``(b, c)``."""


class RecallMacro(CodesMetric):
    """Mean, over the classes that occur in the truth, of the share of their rows found."""

    name = "recall_macro"
    title = "recall (macro)"
    value_range = (0.0, 1.0)
    percent = True

    def of_codes(
        self,
        truth: NDArray[np.int64],
        predicted: NDArray[np.int64],
        weights: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Return the mean recall of each resample."""
        n_codes = int(truth.max()) + 1
        rows = sums_by_code(truth, n_codes, weights)
        found = sums_by_code(truth, n_codes, weights, (truth == predicted).astype(np.float64))
        return _mean_where(found / rows, rows > 0)


class BalancedAccuracy(RecallMacro):
    """The mean recall under its other usual name."""

    name = "balanced_accuracy"
    title = "balanced accuracy"


class F1Macro(CodesMetric):
    """Mean F1 over the classes that occur in the truth or in the predictions."""

    name = "f1_macro"
    title = "F1 (macro)"
    value_range = (0.0, 1.0)
    percent = True

    def of_codes(
        self,
        truth: NDArray[np.int64],
        predicted: NDArray[np.int64],
        weights: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Return the mean F1 of each resample."""
        n_codes = int(max(truth.max(), predicted.max())) + 1
        occurrences = sums_by_code(truth, n_codes, weights)
        occurrences += sums_by_code(predicted, n_codes, weights)
        found = sums_by_code(truth, n_codes, weights, (truth == predicted).astype(np.float64))
        return _mean_where(2 * found / occurrences, occurrences > 0)


class F1(Metric):
    """F1 of the positive one of two classes, as GLUE has it for mrpc and qqp.

    The positive class is the one whose name says no "no" (0, no, not..., non..., false, negative);
    where that does not tell the two apart, the last one.
    """

    name = "f1"
    title = "F1"
    kinds = frozenset({"classification"})
    higher_is_better = True
    value_range = (0.0, 1.0)
    percent = True
    two_classes = True

    def statistics(self, pairs: Pairs) -> NDArray[np.float64]:
        """Return ``(n, 2)``: 1 for a positive that was found; positives in truth and prediction."""
        positive = _positive(pairs.classes)
        there, said = pairs.truth == positive, pairs.predicted == positive
        return np.column_stack([there & said, there.astype(np.int64) + said]).astype(np.float64)

    def total(
        self, statistics: NDArray[np.float64], weights: NDArray[np.float64] | None = None
    ) -> NDArray[np.float64]:
        """Return F1 of each resample; NaN where there is no positive in truth and prediction."""
        sums = weighted_sums(statistics, weights)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(2 * sums[:, 0] / sums[:, 1], dtype=np.float64)


def _positive(classes: tuple[str, ...]) -> int:
    said_no = [_NO.match(name) is not None for name in classes]
    return said_no.index(False) if said_no.count(False) == 1 else len(classes) - 1


class Mcc(CodesMetric):
    """Matthews' correlation for any number of classes (Gorodkin 2004).

    0 where all predictions are one class, as GLUE and scikit-learn have it: guessing is not
    undefined, it is worth nothing. NaN where the truth is of one class only. It is spoken of as a
    number and has no default ROPE: it is no share of anything, so a hundredth is not a point.
    """

    name = "mcc"
    title = "MCC"
    value_range = (-1.0, 1.0)

    def of_codes(
        self,
        truth: NDArray[np.int64],
        predicted: NDArray[np.int64],
        weights: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Return the correlation of each resample; missing predictions are one class more."""
        n_codes = int(max(truth.max(), predicted.max())) + 2
        true_counts = sums_by_code(truth + 1, n_codes, weights)
        predicted_counts = sums_by_code(predicted + 1, n_codes, weights)
        right = weights @ (truth == predicted).astype(np.float64)
        square = weights.sum(axis=1) ** 2
        covariance = right * np.sqrt(square) - (true_counts * predicted_counts).sum(axis=1)
        spread_true = square - (true_counts**2).sum(axis=1)
        spread_predicted = square - (predicted_counts**2).sum(axis=1)
        varied = spread_predicted > 1e-12 * square
        value = covariance / np.sqrt(spread_true * np.where(varied, spread_predicted, 1.0))
        return np.where(spread_true > 1e-12 * square, np.where(varied, value, 0.0), np.nan)


def recall_per_class(pairs: Pairs) -> NDArray[np.float64]:
    """Return ``(n_classes,)``, float64: share of each class's rows found; NaN for absent ones."""
    n_classes = len(pairs.classes)
    rows = np.bincount(pairs.truth, minlength=n_classes)
    found = np.bincount(pairs.truth[pairs.truth == pairs.predicted], minlength=n_classes)
    with np.errstate(invalid="ignore"):
        return np.asarray(found / rows, dtype=np.float64)


def _mean_where(values: NDArray[np.float64], use: NDArray[np.bool_]) -> NDArray[np.float64]:
    return np.asarray(np.where(use, values, 0.0).sum(axis=1) / use.sum(axis=1), dtype=np.float64)
