"""Regret: how far a choice may lie below the best, whichever choice the same data led to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtrit

from bakeoff.statistics.intervals import quantile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bakeoff.statistics.bootstrap import Draws


def standard_errors(draws: Draws, floor: float) -> NDArray[np.float64]:
    """Return ``(contenders, contenders)``: of all paired differences, from the draws.

    Args:
        draws: Of the scores.
        floor: Least error of a pair of different contenders: two that never differed may still.

    Returns:
        NaN for contenders whose metric is undefined.
    """
    count = len(draws.values)
    errors = np.full((count, count), np.nan)
    if len(draws.resampled) == 0:
        return errors
    defined = np.flatnonzero(np.isnan(draws.resampled).mean(axis=0) < 0.5)
    drawn = draws.resampled[:, defined]
    drawn = drawn[~np.isnan(drawn).any(axis=1)]
    if len(drawn) > 1:
        for position, index in enumerate(defined):
            spread = np.std(drawn - drawn[:, [position]], axis=0, ddof=1)
            errors[index, defined] = np.maximum(spread, floor)
    np.fill_diagonal(errors, 0.0)
    return errors


def shortfalls(
    draws: Draws, errors: NDArray[np.float64], freedom: float, alpha: float = 0.05
) -> NDArray[np.float64]:
    """Return upper bounds of how far each contender is below each other one.

    Hsu's multiple comparisons with the best (Ann. Stat. 9, 1981), by a paired bootstrap of the
    maximum. Were ``k`` the best, then with probability ``1 - alpha`` no estimate of another's
    distance to it errs by more than ``q_k`` standard errors, where ``q_k`` is the quantile of the
    largest studentised error over all others. The bound of the true best therefore holds for all
    others at once: for any choice, made after looking at the scores as well. The true best is not
    known, so a regret takes the largest bound over ``k``.

    Args:
        draws: Of the scores.
        errors: ``(contenders, contenders)``, standard errors of the differences.
        freedom: Degrees of freedom: units - 1.
        alpha: One less the certainty.

    Returns:
        ``(contenders, contenders)``: row = the choice, column = the one it may be below; at least
        0; infinite where nothing can be said.
    """
    count = len(draws.values)
    bounds = np.full((count, count), np.inf)
    np.fill_diagonal(bounds, 0.0)
    centred = draws.resampled - draws.values
    # What has no score cannot be called the best.
    bounds[:, np.isnan(draws.values)] = 0.0
    for best in range(count):
        others = np.flatnonzero((np.arange(count) != best) & ~np.isnan(errors[best]))
        scale = errors[best, others]
        if len(others) == 0 or len(draws.resampled) == 0:
            continue
        excess = centred[:, [best]] - centred[:, others]
        with np.errstate(invalid="ignore", divide="ignore"):
            largest = np.where(scale > 0, excess / scale, 0.0).max(axis=1)
        # Draws that never differed reach nowhere; one comparison alone would still reach so far.
        alone = float(-stdtrit(max(freedom, 1.0), alpha))
        reach = float(np.fmax(alone, quantile(largest, 0.0, 1 - alpha, freedom)))
        gap = draws.values[best] - draws.values[others]
        bounds[others, best] = np.maximum(0.0, gap + reach * scale)
    return bounds
