"""Intervals: Wilson's for a proportion, Bonett and Price's for two, and from bootstrap draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr, ndtri, stdtr, stdtrit

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEWEST_IN_TAIL = 10
"""With fewer draws beyond a quantile it is taken from their spread instead."""


def wilson(share: float, n: float, alpha: float = 0.05) -> tuple[float, float]:
    """Return Wilson's interval (JASA 22, 1927) of a proportion seen in ``n`` independent rows.

    Example:
        >>> low, high = wilson(1.0, 20)
        >>> round(low, 3), high
        (0.839, 1.0)
    """
    z = float(-ndtri(alpha / 2))
    scale = 1 + z**2 / n
    middle = (share + z**2 / (2 * n)) / scale
    half = z / scale * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    # Exactly 0 and 1 at the ends; rounding may leave the interval beside its own estimate.
    return max(0.0, min(float(middle - half), share)), min(1.0, max(float(middle + half), share))


def bonett_price(first_only: int, second_only: int, n: int, alpha: float) -> tuple[float, float]:
    """Return the adjusted Wald interval of a difference of paired proportions.

    One discordant row is added on each side (Bonett and Price, J. Educ. Behav. Stat. 37, 2012), so
    that contenders which never differed are not called the same with certainty.

    Args:
        first_only: Rows on which only the first is right.
        second_only: Rows on which only the second is right.
        n: All rows.
        alpha: One less the coverage.
    """
    first, second = (first_only + 1) / (n + 2), (second_only + 1) / (n + 2)
    difference = first - second
    error = np.sqrt((first + second - difference**2) / (n + 2))
    half = float(-ndtri(alpha / 2) * error)
    return max(-1.0, difference - half), min(1.0, difference + half)


def tail(alpha: float, freedom: float) -> float:
    """Return the share of draws to cut off at one end, so that ``alpha`` lies beyond in truth.

    Bootstrap draws are spread like a normal where a t distribution is due; cutting less off mends
    that (the expanded percentile of Hesterberg, The American Statistician 69, 2015).

    Args:
        alpha: At this end.
        freedom: Degrees of freedom: units - 1.
    """
    return float(ndtr(stdtrit(max(freedom, 1.0), alpha)))


def quantile(draws: NDArray[np.float64], value: float, alpha: float, freedom: float) -> float:
    """Return the end of an interval below which ``alpha`` lies (above .5: the upper end).

    Args:
        draws: ``(b,)``, float64; NaN where the metric was undefined.
        value: The estimate itself.
        alpha: Below the end, as probability.
        freedom: Degrees of freedom: units - 1.

    Returns:
        NaN if most draws are.
    """
    known = draws[~np.isnan(draws)]
    if 2 * len(known) < len(draws) or len(draws) == 0:
        return float("nan")
    below = min(alpha, 1 - alpha)
    share = tail(below, freedom)
    upper = alpha > 0.5
    if share * len(known) < FEWEST_IN_TAIL:
        reach = float(-stdtrit(max(freedom, 1.0), below) * known.std())
        extreme = float(known.max() if upper else known.min())
        # A t of very few degrees of freedom reaches beyond anything that was drawn.
        reach = min(reach, 2 * abs(extreme - value))
        return value + reach if upper else value - reach
    return float(np.quantile(known, 1 - share if upper else share))


def bootstrap_p(draws: NDArray[np.float64], freedom: float) -> float:
    """Return the two-sided p at which the interval of `quantile` begins to hold 0.

    Args:
        draws: ``(b,)``, float64, of a difference.
        freedom: Degrees of freedom: units - 1.
    """
    known = draws[~np.isnan(draws)]
    at_most = min((known <= 0).sum(), (known >= 0).sum())
    share = (at_most + 1) / (len(known) + 1)
    return min(1.0, float(2 * stdtr(max(freedom, 1.0), ndtri(share)))) if share < 0.5 else 1.0
