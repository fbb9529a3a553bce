"""Where a cascade sends a row on: thresholds below which the first part is not sure enough."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.contenders.combined.outputs import override
from bakeoff.core.errors import ContenderError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from bakeoff.tasks.predictions import Predictions

_MOST_CUTS = 40


def sureness(predictions: Predictions, confidence: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ``(n,)`` confidences, minus infinity where there is no prediction or none is known."""
    unknown = predictions.is_missing | np.isnan(confidence)
    return np.where(unknown, -np.inf, confidence)


def sent_on(sure: NDArray[np.float64], threshold: float) -> NDArray[np.int64]:
    """Return the positions of the rows to send on: below the threshold, or without a prediction."""
    return np.flatnonzero((sure < threshold) | np.isneginf(sure)).astype(np.int64)


def threshold_for_share(sure: NDArray[np.float64], share: float) -> float:
    """Return the threshold that sends on ``share`` of the rows, or fewer where they are tied.

    Args:
        sure: ``(n,)``, float64, from `sureness`.
        share: Between 0 and 1.
    """
    ordered = np.sort(sure)
    count = round(share * len(ordered))
    return math.inf if count >= len(ordered) else float(ordered[count])


def best_threshold(
    sure: NDArray[np.float64],
    first: Predictions,
    second: Predictions,
    score: Callable[[Predictions], float],
) -> float:
    """Return the threshold whose combined predictions score best; of equals, the one sending least.

    Args:
        sure: ``(n,)``, float64, from `sureness`: how sure the first part is.
        first: ``n`` predictions of the first part.
        second: ``n`` predictions of the second part for the same rows.
        score: Larger is better; NaN where it is undefined.

    Raises:
        ContenderError: The score is undefined at every threshold.
    """
    shares = np.linspace(0, 1, _MOST_CUTS + 1)
    best, best_score = -math.inf, -math.inf
    tried: set[float] = set()
    for threshold in (threshold_for_share(sure, share) for share in shares):
        if threshold in tried:
            continue
        tried.add(threshold)
        rows = sent_on(sure, threshold)
        reached = score(override(first, second.take(rows), rows))
        if reached > best_score:
            best, best_score = threshold, reached
    if math.isinf(best_score):
        raise ContenderError(
            "the primary metric is undefined for what a cascade of these parts predicts, so no "
            "threshold can be learned by it (does it need probabilities?)"
        )
    return best
