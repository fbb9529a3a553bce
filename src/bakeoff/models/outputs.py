"""A model's plain outputs as predictions, whatever the kind of task."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bakeoff.tasks.predictions import Predictions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def to_predictions(ids: NDArray[np.int64], outputs: NDArray[Any]) -> Predictions:
    """Return predictions.

    Args:
        ids: ``(n,)``, int64.
        outputs: ``(n, n_classes)``, float64, probabilities in the task's class order, for
            classification; ``(n,)``, float64, numbers for regression.
    """
    if outputs.ndim == 1:
        return Predictions.of_numbers(ids, outputs)
    return Predictions.of_labels(ids, outputs.argmax(axis=1), outputs)
