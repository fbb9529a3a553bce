"""A model against itself before its update, on the same rows, and what follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bakeoff.metrics.registry import load_metric
from bakeoff.protocol.scoring import make_pairs
from bakeoff.results.update import Change
from bakeoff.statistics.evidence import Evidence
from bakeoff.statistics.procedure import compare_all

if TYPE_CHECKING:
    from bakeoff.tasks.examples import Examples
    from bakeoff.tasks.predictions import Predictions

BEFORE, AFTER = "before", "after"

_SAID = {
    "better": "it is better on {rows}",
    "better-trivially": "it is better on {rows}, by less than matters",
    "equivalent": "it is as good as before on {rows}",
    "undecided": "neither gain nor loss is shown on {rows}",
    "worse-trivially": "it is worse on {rows}, by less than matters",
    "worse": "it is worse on {rows}",
}


def change(
    rows: Examples, before: Predictions, after: Predictions, rope: float | None, seed: int
) -> Change:
    """Return the paired difference of two predictions of the same rows."""
    metric = load_metric(rows.task.primary)
    statistics = {
        name: np.asarray(metric.statistics(make_pairs(rows.task, rows.targets, said)))[None]
        for name, said in ((BEFORE, before), (AFTER, after))
    }
    result = compare_all(Evidence(metric, statistics), BEFORE, rope, seed=seed)
    found = result.comparisons[0]
    return Change(
        result.rows,
        result.scores[BEFORE],
        result.scores[AFTER],
        found.difference,
        found.word,
    )


def advice(new: Change, old: Change | None) -> tuple[bool, str]:
    """Return whether to take the update, and the sentence that says why.

    It is taken where it is shown better on new or on old rows by more than does not matter, and on
    neither shown worse by more than that.
    """
    said = _SAID[new.word].format(rows="the new rows")
    if old is not None:
        said += "; " + _SAID[old.word].format(rows="the old ones")
    said = said[0].upper() + said[1:]
    words = [new.word, *([] if old is None else [old.word])]
    if new.word == "better" and "worse" in words:
        return False, f"{said}: take the update only if rows like the old ones come no more."
    if "better" not in words or "worse" in words:
        return False, f"{said}: keep the model as it was."
    if old is None:
        return True, f"{said}: take the update; what it has forgotten is not known (--old FILE)."
    if "undecided" in words:
        return True, f"{said}: take the update, and watch it."
    return True, f"{said}: take the update."
