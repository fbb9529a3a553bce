"""Inner folds: predictions for training rows by models that did not learn from them.

The outer fold's test rows play no part here. The division is the same for every combined
contender on the same training rows (its seed is fixed), so that what one has fitted the others
find in the runner's memory. Groups are kept together where the group's column is among the
inputs; where it is not, the contender cannot know them, and only rows of equal content are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bakeoff.contenders.combined.parts import fit_part
from bakeoff.core.errors import ContenderError
from bakeoff.core.seeds import derive_seed
from bakeoff.tasks.kind import load_kind
from bakeoff.tasks.predictions import Predictions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bakeoff.contenders.base import Contender, Context
    from bakeoff.tasks.examples import Examples

INNER_FOLDS = 3


def inner_folds(train: Examples, folds: int = INNER_FOLDS) -> list[NDArray[np.int64]]:
    """Return the positions of the rows that each fold holds out; every row stands in one.

    Args:
        train: The rows to divide.
        folds: How many, at the most: where fewer rows differ, there are fewer.

    Raises:
        ContenderError: All rows are alike, so that nothing can be held out.
    """
    units = _units(train)
    folds = min(folds, int(units.max()) + 1)
    held: list[NDArray[np.int64]] = []
    if folds > 1:
        rule = load_kind(train.task.kind).split_rule()
        seed = derive_seed(0, "inner folds", folds)
        fold = rule.assign(train.targets, units, (1 / folds,) * folds, seed)
        held = [rows for k in range(folds) if len(rows := np.flatnonzero(fold == k))]
    if len(held) < 2:
        raise ContenderError(
            f"its inner folds need two training rows that differ, and there are {len(train)} alike"
        )
    return held


def out_of_fold(
    part: Contender, train: Examples, valid: Examples | None, context: Context
) -> Predictions:
    """Return a prediction for each training row by a model that has not seen that row.

    A part that does not learn has seen none of them, and predicts them in one pass. ``valid``
    goes to every inner fit; no row of ``train`` stands in it.

    Raises:
        ContenderError: All rows are alike, or the part cannot be fitted with these rows.
    """
    if not part.card.learns:
        return fit_part(part, train, valid, context).predict(train.inputs, context)
    held = inner_folds(train)
    predictions = []
    for rows in held:
        rest = np.setdiff1d(np.arange(len(train)), rows)
        model = fit_part(part, train.take(rest), valid, context)
        predictions.append(model.predict(train.inputs.take(rows), context))
    order = np.argsort(np.concatenate(held))
    return Predictions.concatenate(predictions).take(order)


def _units(train: Examples) -> NDArray[np.int64]:
    """Return rows that belong together: ``(n,)``, int64, counted from 0."""
    names = [column.name for column in train.inputs.columns]
    keys = train.inputs.keys(train.task.input_names)
    if train.task.group in names:
        keys = train.inputs.keys([str(train.task.group)])
    return np.unique(np.asarray(keys), return_inverse=True)[1].astype(np.int64)
