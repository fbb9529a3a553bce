"""A family of comparisons: Holm's adjusted p, and intervals that never contradict them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def holm(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return p values adjusted for their number (Holm, Scand. J. Stat. 6, 1979).

    Args:
        p: ``(m,)``, float64.

    Example:
        >>> holm(np.array([0.01, 0.04, 0.03])).tolist()
        [0.03, 0.06, 0.06]
    """
    order = np.argsort(p, kind="stable")
    steps = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(steps, 1.0)
    return adjusted


def agree(low: float, high: float, value: float, *, differs: bool) -> tuple[float, float]:
    """Return the interval moved to 0, where the adjusted test and the interval disagree about 0.

    Intervals are at ``alpha / m`` (Bonferroni); Holm's test steps down and so rejects a little
    more, and it is of another kind (flips, not draws). As in the intervals compatible with Holm's
    test (Strassburger and Bretz, Stat. Med. 27, 2008), an interval whose test rejects ends at 0 at
    the least, and one whose test does not reaches 0. An end at 0 belongs to the interval: it says
    "not below 0", and the test alone says "not 0". So moved, intervals lose no coverage unless the
    test takes the wrong side.

    Args:
        low: Lower end.
        high: Upper end.
        value: The difference.
        differs: Whether the adjusted test calls it different from 0.
    """
    if not differs:
        return min(low, 0.0), max(high, 0.0)
    return (max(low, 0.0), high) if value > 0 else (low, min(high, 0.0))
