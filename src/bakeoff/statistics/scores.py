"""The interval of one contender's own score."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from bakeoff.results.analysis import Estimate
from bakeoff.statistics.intervals import quantile, wilson

if TYPE_CHECKING:
    from bakeoff.statistics.bootstrap import Draws
    from bakeoff.statistics.evidence import Prepared


def score(prepared: Prepared, draws: Draws, index: int, alpha: float) -> Estimate:
    """Return the metric of contender ``index`` with its interval, in the metric's own direction.

    Wilson's for a proportion of independent rows from one run; else the bootstrap, whose worse end
    comes from the pessimistic draws.

    Args:
        prepared: The evidence.
        draws: Of all contenders.
        index: Position of the contender.
        alpha: One less the coverage.
    """
    metric, units = prepared.metric, prepared.units
    oriented = float(draws.values[index])
    value = prepared.sign * oriented
    if math.isnan(value):
        return Estimate(value, None, None, prepared.n, "undefined")
    if metric.proportion and prepared.alone:
        return Estimate(value, *wilson(value, prepared.n, alpha), prepared.n, "wilson")
    worse = quantile(draws.pessimistic[:, index], oriented, alpha / 2, units.freedom)
    better = quantile(draws.resampled[:, index], oriented, 1 - alpha / 2, units.freedom)
    if metric.percent and not worse < better:
        # All right, all wrong, or one unit: nothing varies, and yet nothing is certain.
        return Estimate(value, *wilson(value, units.effective, alpha), prepared.n, "wilson")
    if math.isnan(worse) or math.isnan(better):
        return Estimate(value, None, None, prepared.n, "undefined")
    ends = sorted((prepared.sign * min(worse, oriented), prepared.sign * max(better, oriented)))
    return Estimate(value, ends[0], ends[1], prepared.n, method(prepared, (index,)))


def method(prepared: Prepared, contenders: tuple[int, ...]) -> str:
    """Return the name of a bootstrap interval: with too few seeds it is of "rows only"."""
    few = any(prepared.seeds[i] > 1 and not prepared.crossed(i) for i in contenders)
    return "bootstrap, rows only" if few else "bootstrap"
