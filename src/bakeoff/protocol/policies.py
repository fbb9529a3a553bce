"""The decision under the other policy for rows without an answer, made anew and not guessed at.

Classes: an answer that is missing (refused, cut off, no single label, ...) counts as wrong, as it
would in use; under the other policy its row is left out for all. Numbers: nobody can say how wrong
no number is, so the row is left out for all; under the other policy the mean of the training rows
stands in its place.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.protocol.decide import decide
from bakeoff.protocol.evidence import row_groups
from bakeoff.protocol.scoring import make_pairs
from bakeoff.protocol.splits import TRAIN
from bakeoff.protocol.stopped import with_stopped
from bakeoff.results.records import Finding
from bakeoff.statistics.evidence import Evidence
from bakeoff.statistics.procedure import compare_all
from bakeoff.tasks.predictions import Predictions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from bakeoff.protocol.judge import Side, Trial
    from bakeoff.results.analysis import Row, Verdict
    from bakeoff.results.records import Value


def both_policies(trial: Trial, rows: tuple[Row, ...], verdict: Verdict) -> Iterator[Finding]:
    """Yield what the other policy would decide; nothing where every row has all its answers.

    Args:
        trial: What was judged.
        rows: The leaderboard: prices and kinds of the contenders.
        verdict: The decision under the policy that is used.
    """
    missing = _missing(trial)
    other = _under_the_other(trial, missing)
    if other is None:
        return
    found, _ = with_stopped(other, *decide(other, rows))
    said: dict[str, Value] = {
        "contender": verdict.choice,
        "rows": int(missing.sum()),
        "how": "dropped" if trial.work.task.classes else "mean",
    }
    if found.choice != verdict.choice:
        said |= {"word": verdict.word, "other": found.choice, "word_other": found.word}
        yield Finding("both-policies-differ", "warning", said)
    elif (found.word, found.against) != (verdict.word, verdict.against):
        said |= {"word": verdict.word, "word_other": found.word}
        yield Finding("both-policies-differ-in-word", "warning", said)
    else:
        yield Finding("both-policies-agree", "info", said)


def _missing(trial: Trial) -> NDArray[np.bool_]:
    """Return which compared rows lack an answer of any contender: ``(n,)``, bool."""
    lacking = np.zeros(len(trial.rows), dtype=np.bool_)
    for side in trial.sides.values():
        for predictions in side.predictions:
            lacking |= predictions.is_missing
    return lacking


def _under_the_other(trial: Trial, missing: NDArray[np.bool_]) -> Trial | None:
    """Return the trial under the other policy; None: nothing is missing, or nothing would stay."""
    if not missing.any() or missing.all():
        return None
    if trial.work.task.classes:
        rows = trial.rows[~missing]
        sides = {name: _only(side, ~missing) for name, side in trial.sides.items()}
    else:
        rows = trial.rows
        mean = float(np.nanmean(trial.work.targets[trial.work.splits.rows(TRAIN)]))
        sides = {name: _filled(trial, side, mean) for name, side in trial.sides.items()}
    plan = trial.work.plan
    family = {name: sides[name].statistics for name in trial.family()}
    evidence = Evidence(trial.metric, family, row_groups(trial.work, rows))
    result = compare_all(evidence, trial.reference, plan.rope, plan.alpha, plan.seed)
    return replace(trial, rows=rows, sides=sides, result=result)


def _only(side: Side, keep: NDArray[np.bool_]) -> Side:
    predictions = tuple(each.take(np.flatnonzero(keep)) for each in side.predictions)
    return replace(side, predictions=predictions, statistics=side.statistics[:, keep])


def _filled(trial: Trial, side: Side, mean: float) -> Side:
    """Return a side whose missing numbers are replaced."""
    if not any(each.is_missing.any() for each in side.predictions):
        return side
    values = [np.where(each.is_missing, mean, each.values) for each in side.predictions]
    predictions = tuple(Predictions.of_numbers(trial.rows, each) for each in values)
    truth = trial.work.targets[trial.rows]
    statistics = np.stack(
        [trial.metric.statistics(make_pairs(trial.work.task, truth, p)) for p in predictions]
    )
    return replace(side, predictions=predictions, statistics=statistics)
