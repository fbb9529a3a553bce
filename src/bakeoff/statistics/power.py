"""What a comparison can show: the smallest detectable difference, and the rows still needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr, ndtri

if TYPE_CHECKING:
    from numpy.typing import NDArray

POWER = 0.8
MOST_DATA = 10
"""Times the rows at hand; beyond, no number is guessed."""


def detectable_before(n: int, discordance: float, alpha: float = 0.05) -> float:
    """Return the smallest difference of two proportions that ``n`` paired rows show (power .8).

    Args:
        n: Rows.
        discordance: Assumed share of rows on which exactly one of the two is right.
        alpha: Of the test, already divided by the number of comparisons.

    Returns:
        At most 1; 1 also means "none".

    Example:
        >>> round(detectable_before(1000, 0.1), 3)
        0.028
    """
    difference = 0.0
    for _ in range(50):  # a contraction: the spread depends on the difference only a little
        spread = np.sqrt(max(discordance - difference**2, 0.0))
        reach = -ndtri(alpha / 2) * np.sqrt(discordance) + ndtri(POWER) * spread
        difference = float(min(1.0, reach / np.sqrt(n)))
    return difference


def detectable_after(error: float, alpha: float = 0.05) -> float:
    """Return the smallest difference that the test showed with power .8.

    Args:
        error: Standard error of the paired difference, as seen.
        alpha: Of the test, already divided by the number of comparisons.
    """
    return float((-ndtri(alpha / 2) + ndtri(POWER)) * error)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of a difference, and is taken for the truth.

    Args:
        difference: Oriented.
        spread: Standard deviation of one row's difference.
        rope: The difference that would not matter; None: none.
        alpha: Of the test, already divided by the number of comparisons.
        counts_rows: The metric counts rows, so that intervals allow for a discordant row more on
            each side (`bonett_price`).
    """

    difference: float
    spread: float
    rope: float | None
    alpha: float
    counts_rows: bool


def chance_to_decide(n: NDArray[np.float64], seen: Seen) -> NDArray[np.float64]:
    """Return the probability to leave "undecided" with ``n`` rows.

    Decided is: the interval excludes 0, or lies within the ROPE.

    Args:
        n: ``(s,)``, float64: numbers of rows.
        seen: What is taken for the truth.
    """
    difference, rope = seen.difference, seen.rope
    error = np.maximum(seen.spread, 1e-12) / np.sqrt(n)
    allowed = 2 / (n + 2) ** 2 if seen.counts_rows else 0.0
    reach = -ndtri(seen.alpha / 2) * np.sqrt(error**2 + allowed)
    undecided_from = np.zeros_like(n) if rope is None else np.maximum(rope - reach, 0.0)
    # Undecided: undecided_from < |estimate| < reach (nothing, if the ROPE is wide enough).
    above = ndtr((reach - difference) / error) - ndtr((undecided_from - difference) / error)
    below = ndtr((-undecided_from - difference) / error) - ndtr((-reach - difference) / error)
    return np.where(undecided_from < reach, 1 - above - below, 1.0)


def rows_needed(n: int, seen: Seen) -> tuple[int, bool]:
    """Return about how many more rows give an 80 % chance to leave "undecided".

    Args:
        n: Rows now.
        seen: What is taken for the truth; the error shrinks with the root of the rows.

    Returns:
        Rows, at least 1, and whether more than ten times the data would be needed (rows are then
        that limit).
    """
    limit = MOST_DATA * n
    if np.isnan(seen.spread) or np.isnan(seen.difference):
        return limit, True
    more = np.unique(np.geomspace(1, limit, 2_000).round())
    chances = chance_to_decide(n + more, seen)
    enough = np.flatnonzero(chances >= POWER)
    return (int(more[enough[0]]), False) if len(enough) else (limit, True)
