"""What a contender returned, checked against the contract before it is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bakeoff.core.errors import ContenderError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bakeoff.protocol.work import Work
    from bakeoff.tasks.predictions import Predictions

NATS_TOLERANCE = 1e-3
"""Of sums of many small numbers in float32."""


def check_predictions(
    predictions: Predictions, rows: NDArray[np.int64], work: Work, *, learns: bool
) -> None:
    """Check that predictions keep the contract.

    Raises:
        ContenderError: Wrong rows, classes or numbers, or a learner that left rows out.
    """
    if len(predictions) != len(rows) or not np.array_equal(predictions.ids, rows):
        raise ContenderError(
            f"predicted {len(predictions)} rows where {len(rows)} were asked, or in another order"
        )
    probabilities = predictions.probabilities if "label" in predictions.table.column_names else None
    if probabilities is not None:
        if probabilities.shape[1] != len(work.task.classes):
            raise ContenderError(
                f"gave {probabilities.shape[1]} probabilities a row for "
                f"{len(work.task.classes)} classes"
            )
        if len(rows) and not np.allclose(probabilities.sum(axis=1), 1.0, atol=1e-4):
            raise ContenderError("gave probabilities that do not sum to 1 (or are not numbers)")
    if "nats" in predictions.table.column_names:
        check_nats(predictions.nats)
    missing = int(predictions.is_missing.sum())
    if learns and missing:
        raise ContenderError(f"gave no usable prediction for {missing} of {len(rows)} rows")


def check_nats(nats: NDArray[np.float64]) -> None:
    """Check that texts have probabilities of at most 1, and that none is impossible.

    Raises:
        ContenderError: One is not.
    """
    wrong = np.isinf(nats) | (nats < -NATS_TOLERANCE)
    if wrong.any():
        raise ContenderError(
            f"gave {nats[wrong][0]:g} nats for a text: every text must be possible, with a "
            "probability of at most 1"
        )
