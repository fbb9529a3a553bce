"""What a metric is: per-example statistics, and a total that any weighting of them gives."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Pairs:
    """Truth and prediction of ``n`` examples, as the arrays that metrics work on.

    Args:
        truth: ``(n,)``; class codes (int) for classification, float64 for regression; for other
            kinds an object array with one entry an example (tags, texts, boxes, ...).
        predicted: ``(n,)``, like ``truth``; a class code of -1 or NaN is a missing prediction.
        probabilities: ``(n, n_classes)``, float64, rows sum to 1, or None where there are none.
        classes: The task's classes in their fixed order.
        extra: What a kind's own metrics need beside these (candidate lists, references, ...).
    """

    truth: NDArray[Any]
    predicted: NDArray[Any]
    probabilities: NDArray[np.float64] | None = None
    classes: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return the number of examples."""
        return len(self.truth)


class Metric(ABC):
    """One number for a set of predictions.

    The judge calls `statistics` once per contender, then `total` for the whole set and for every
    resample of it. A metric is a stateless object; its facts are declared on the class, so that
    tables, arrows and messages need no second list.
    """

    name: ClassVar[str]
    """Registry name, for example ``"recall_macro"``."""
    title: ClassVar[str]
    """As a table shows it, for example ``"recall (macro)"``."""
    kinds: ClassVar[frozenset[str]]
    """Kinds of task it works with."""
    higher_is_better: ClassVar[bool]
    value_range: ClassVar[tuple[float, float]]
    percent: ClassVar[bool] = False
    """Differences are spoken of as points (hundredths) and the default ROPE is one point."""
    proportion: ClassVar[bool] = False
    """The total is a share of independent successes, so that Wilson's interval is right."""
    needs_probabilities: ClassVar[bool] = False
    two_classes: ClassVar[bool] = False
    """It is of tasks with two classes alone."""

    @abstractmethod
    def statistics(self, pairs: Pairs) -> NDArray[np.float64]:
        """Return ``(n, k)``, float64: what each example adds.

        For most metrics `total` needs no more than the weighted sums of these columns. A missing
        prediction counts as wrong; where nothing says how wrong (regression), its row is NaN, and
        `total` leaves it out. A row may depend on its own prediction and on the truths, never on
        other predictions: tests swap rows between two contenders.
        """

    @abstractmethod
    def total(
        self, statistics: NDArray[np.float64], weights: NDArray[np.float64] | None = None
    ) -> NDArray[np.float64]:
        """Return the metric of the whole set, or of each resample.

        Args:
            statistics: ``(n, k)``, float64, from `statistics`.
            weights: ``(b, n)``, float64: how often each example stands in each of ``b`` resamples;
                None means one resample with every example once.

        Returns:
            ``(b,)`` (``(1,)`` without weights), float64; NaN where the metric is undefined.
        """


def weighted_sums(
    statistics: NDArray[np.float64], weights: NDArray[np.float64] | None
) -> NDArray[np.float64]:
    """Return the sums of the columns for each resample: ``(b, k)``, float64."""
    if weights is None:
        return np.asarray(statistics.sum(axis=0, keepdims=True), dtype=np.float64)
    return np.asarray(weights @ statistics, dtype=np.float64)


def answered(
    statistics: NDArray[np.float64], weights: NDArray[np.float64] | None
) -> tuple[NDArray[np.float64], NDArray[np.float64] | None]:
    """Return statistics and weights of the rows that are not NaN, those with a prediction."""
    keep = ~np.isnan(statistics).any(axis=1)
    if keep.all():
        return statistics, weights
    return statistics[keep], None if weights is None else weights[:, keep]


class MeanMetric(Metric):
    """A metric whose total is the mean of one number per example: write `statistics` only."""

    def total(
        self, statistics: NDArray[np.float64], weights: NDArray[np.float64] | None = None
    ) -> NDArray[np.float64]:
        """Return the (weighted) mean of the single column over the answered rows."""
        known, weights = answered(statistics, weights)
        sums = weighted_sums(known, weights)[:, 0]
        counts = float(len(known)) if weights is None else weights.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(sums / counts, dtype=np.float64)
