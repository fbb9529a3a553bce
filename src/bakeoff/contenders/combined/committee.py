"""A committee: how far apart the predictions of models of different rows are.

The training rows are divided into four, and one model is fitted on each quarter. A training row
is judged by the three models that have not seen it, a new row by three of the four: both are then
spreads of three models that were fitted on as many rows, none of which was the row itself, so what
is learned from the one holds for the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bakeoff.contenders.combined.inner import inner_folds
from bakeoff.contenders.combined.outputs import spread
from bakeoff.contenders.combined.parts import fit_part
from bakeoff.core.errors import ContenderError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bakeoff.contenders.base import Contender, Context
    from bakeoff.contenders.combined.parts import FittedPart
    from bakeoff.tasks.examples import Examples
    from bakeoff.tasks.predictions import Predictions

_QUARTERS = 4


def committee_of(
    part: Contender, train: Examples, context: Context
) -> tuple[tuple[FittedPart, ...], NDArray[np.float64]]:
    """Return three models for new rows, and the disagreement on each training row: ``(n,)``.

    Raises:
        ContenderError: Fewer than four training rows differ.
    """
    quarters = inner_folds(train, _QUARTERS)
    if len(quarters) < _QUARTERS:
        raise ContenderError(f"a committee needs {_QUARTERS} training rows that differ")
    models = tuple(fit_part(part, train.take(rows), None, context) for rows in quarters)
    apart = np.full(len(train), np.nan)
    for number, rows in enumerate(quarters):
        others = [model for k, model in enumerate(models) if k != number]
        inputs = train.inputs.take(rows)
        apart[rows] = disagreement([model.predict(inputs, context) for model in others])
    return models[:-1], apart


def disagreement(opinions: Sequence[Predictions]) -> NDArray[np.float64]:
    """Return the standard deviation of several models' numbers for each row: ``(n,)``."""
    return spread(np.column_stack([opinion.values for opinion in opinions]))
