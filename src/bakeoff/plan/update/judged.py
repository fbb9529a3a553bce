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

_NEW = {
    "better": "It is better on the new rows",
    "better-trivially": "On the new rows it is better, by less than matters",
    "equivalent": "On the new rows it is as good as before",
    "undecided": "On the new rows no gain is shown",
    "worse-trivially": "On the new rows it is worse, by less than matters",
    "worse": "It is worse on the new rows",
}
_OLD = {
    "better": "better on the old ones",
    "better-trivially": "as good on the old ones",
    "equivalent": "as good on the old ones",
    "undecided": "whether it loses on the old ones is not shown",
    "worse-trivially": "worse on the old ones, by less than matters",
    "worse": "worse on the old ones",
}
_HARMLESS = ("better", "better-trivially", "equivalent", "worse-trivially")


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

    It is taken where it is shown better on new rows by more than does not matter, unless it is
    shown worse on old rows by more than that.
    """
    gains = new.word == "better"
    said = _NEW[new.word]
    if old is None:
        said += "; no old rows are known, so what it has forgotten is not"
    else:
        said += f", {'and ' if old.word in _HARMLESS else 'but '}{_OLD[old.word]}"
    if not gains:
        return False, f"{said}: keep the model as it was."
    if old is not None and old.word == "worse":
        return False, f"{said}: take the update only if rows like the old ones come no more."
    if old is None or old.word == "undecided":
        return True, f"{said}: take the update, and watch rows of the old kind."
    return True, f"{said}: take the update."
