"""THE procedure: from the contenders' statistics to scores, comparisons, regrets and the tied.

The judge and ``benchmarks/false_alarms.py`` both call `compare_all`, so that what is measured is
what is used. ``design/statistics.md`` says why each part was chosen.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.statistics.bootstrap import bootstrap
from bakeoff.statistics.comparisons import Setting, compare_family, least_error
from bakeoff.statistics.evidence import prepare
from bakeoff.statistics.power import detectable_after
from bakeoff.statistics.regret import shortfalls, standard_errors
from bakeoff.statistics.scores import score

if TYPE_CHECKING:
    from bakeoff.results.analysis import Comparison, Estimate
    from bakeoff.statistics.evidence import Evidence
    from bakeoff.statistics.learners import FoldScores


@dataclass(frozen=True, slots=True)
class ProcedureResult:
    """What the evidence says; differences and regrets are oriented: positive is better, or more."""

    scores: dict[str, Estimate]
    """In the metric's own direction."""
    comparisons: tuple[Comparison, ...]
    """The family: all others against the reference; ``labels_needed`` counts judging rows."""
    gaps: tuple[Comparison, ...]
    """All others against the best, as a family of their own."""
    best: str
    """Largest oriented score."""
    tied: tuple[str, ...]
    """The best, and all that are not shown worse than it, or worse by less than the ROPE."""
    regrets: dict[str, tuple[float, float]]
    """Of choosing each: the point, and its one-sided simultaneous bound."""
    shortfalls: dict[str, dict[str, float]]
    """choice -> other -> the same bound of how far the choice is below the other."""
    detectable: dict[str, float]
    """Contender -> smallest difference from the reference that this test shows (power .8)."""
    rows: int
    """Rows that all contenders answered: those that were compared."""


def compare_all(
    evidence: Evidence,
    reference: str,
    rope: float | None = None,
    alpha: float = 0.05,
    seed: int = 0,
    folds: FoldScores | None = None,
) -> ProcedureResult:
    """Compare all contenders.

    Args:
        evidence: Statistics of all over the same rows.
        reference: The contender that the family is against.
        rope: The difference that would not matter, in the metric's unit; None: none.
        alpha: Of the family, and one less the coverage of the intervals.
        seed: Of resamples, flips and swaps.
        folds: Scores on folds, for the tests about recipes.

    Raises:
        ValueError: The contenders share no row that all answered.
        KeyError: The reference is no contender.
    """
    prepared, setting = prepare(evidence), Setting(rope, alpha, seed, folds)
    names = prepared.names
    if reference not in names:
        raise KeyError(reference)
    draws = bootstrap(prepared, seed)
    errors = standard_errors(draws, least_error(prepared))
    best = int(np.argmax(np.where(np.isnan(draws.values), -np.inf, draws.values)))
    against = names.index(reference)
    comparisons = compare_family(prepared, draws, errors, against, setting)
    gaps = comparisons
    if best != against:
        # This family is not the declared one and its best was picked from the data; swapping anew
        # for each pair would double the work for no firmer claim.
        gaps = compare_family(prepared, draws, errors, best, replace(setting, swap=False))
    low, high = evidence.metric.value_range
    bounds = shortfalls(draws, errors, prepared.units.freedom, alpha)
    bounds = np.minimum(bounds, high - low)
    of_one = alpha / max(1, len(names) - 1)
    return ProcedureResult(
        scores={name: score(prepared, draws, i, alpha) for i, name in enumerate(names)},
        comparisons=comparisons,
        gaps=gaps,
        best=names[best],
        tied=_tied(names[best], gaps),
        regrets={
            name: (float(draws.values[best] - draws.values[i]), float(bounds[i].max()))
            for i, name in enumerate(names)
        },
        shortfalls={
            name: {other: float(bounds[i, j]) for j, other in enumerate(names) if j != i}
            for i, name in enumerate(names)
        },
        detectable={
            name: detectable_after(float(errors[i, against]), of_one)
            for i, name in enumerate(names)
            if i != against
        },
        rows=prepared.n,
    )


def _tied(best: str, gaps: tuple[Comparison, ...]) -> tuple[str, ...]:
    return (best, *(gap.name for gap in gaps if gap.word != "worse" and _has_value(gap)))


def _has_value(gap: Comparison) -> bool:
    return not math.isnan(gap.difference.value)
