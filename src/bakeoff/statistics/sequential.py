"""A paired test and an interval that may be looked at after every row: ask until it is decided.

Two models answer the same rows, one row after the other in a fixed random order. Each row gives a
difference in [-1, 1] (right or wrong: -1, 0 or 1). A gambler who starts with 1 bets on the
differences against the claim "their mean is m"; if the claim is true the wealth is a martingale,
and by Ville's inequality (1939) it ever reaches 1 / alpha with probability alpha at most. So one
may stop at any moment, for any reason. After row ``t`` the bet is

    bet(m) = sum(x - m) / (1 + sum((x - m) ** 2)),   over the rows 1..t,

and the wealth is multiplied by ``1 + bet(m) * (x - m)``, x being the next difference. At m = 0 and
with right or wrong this is the Beta(1/2, 1/2) mixture over the discordant pairs (Robbins, Ann.
Math. Stat. 41, 1970; the bets are those of Krichevsky and Trofimov, IEEE Trans. Inf. Theory 27,
1981), an anytime-valid McNemar test:

    e = 2 ** (a + b) * B(a + 1/2, b + 1/2) / B(1/2, 1/2),

with a and b rows on which only the first, only the second is right. The means at which the wealth
never reached 1 / alpha are a confidence sequence (Waudby-Smith and Ramdas, JRSS B 86, 2024): it
holds at all rows at once, and it leaves 0 out when the test has stopped.

The claims are about rows like these (the rows are a sample). Drawn without replacement from a set
on which both are right equally often, the test only gets more careful: the bet is on the side
that leads, and that side has fewer rows left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

GRID = 2_001
"""Means at which the wealth is followed: a thousandth apart."""


@dataclass(frozen=True, slots=True)
class SequentialResult:
    """Where the asking stopped, and what was known then.

    Args:
        asked: Rows that were asked.
        decided: Whether the test stopped it (else the rows were over).
        better: 1: the first; -1: the second; 0: undecided. A wrong direction, too, has
            probability alpha / 2 at most.
        e_value: The largest so far; its inverse is a p-value that holds at any stop.
        difference: Mean difference on the asked rows; biased upwards in size by the stop.
        low: Lower end of the confidence sequence.
        high: Upper end.
    """

    asked: int
    decided: bool
    better: int
    e_value: float
    difference: float
    low: float
    high: float


def right_or_wrong(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the differences of two models that are right or wrong: ``(n,)``, -1, 0 or 1."""
    return first.astype(np.float64) - second.astype(np.float64)


def nearer(
    first_errors: NDArray[np.float64], second_errors: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return 1 where the first's error is smaller, -1 where the second's is, 0 where equal.

    For regression, where errors have no bound. What is then tested is whether each is the nearer
    one equally often; this is not the same as an equal mean squared error, which a few rows decide.

    Args:
        first_errors: ``(n,)``, at least 0, for example squared.
        second_errors: ``(n,)``, of the same rows.
    """
    return np.sign(second_errors - first_errors)


def e_values(differences: NDArray[np.float64], mean: float = 0.0) -> NDArray[np.float64]:
    """Return the wealth after each row, against the claim that the mean difference is ``mean``.

    Args:
        differences: ``(n,)``, float64 in [-1, 1], in the order in which rows were asked.
        mean: In [-1, 1].

    Returns:
        ``(n,)``, float64.

    Example:
        >>> e_values(np.array([1.0, 0.0, 1.0])).tolist()
        [1.0, 1.0, 1.5]
    """
    return np.exp(_log_wealth(differences, np.array([mean]))[:, 0])


def confidence_sequence(
    differences: NDArray[np.float64], alpha: float = 0.05
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return lower and upper ends after each row, which hold for all rows at once.

    Args:
        differences: ``(n,)``, float64 in [-1, 1], in the order in which rows were asked.
        alpha: One less the coverage.

    Returns:
        Two arrays ``(n,)``, never widening; a thousandth of care for the grid is included. An end
        at 0 itself is open: 0 is left out. Should the means that remain have a gap, the interval
        spans it.
    """
    means = np.linspace(-1.0, 1.0, GRID)
    log_wealth = _log_wealth(differences, means)
    step = means[1] - means[0]
    alive = np.maximum.accumulate(log_wealth, axis=0) < -np.log(alpha)
    # Where no mean is left (a claim of chance alpha), the last one that was stays.
    some = alive.any(axis=1)
    low = np.where(some, means[alive.argmax(axis=1)] - step, -1.0)
    high = np.where(some, means[GRID - 1 - alive[:, ::-1].argmax(axis=1)] + step, 1.0)
    # Zero is on the grid: an interval that the grid's care alone carries over it must not hold it.
    zero = (GRID - 1) // 2
    low = np.where(~alive[:, zero] & (low < 0) & (low + step > 0), 0.0, low)
    high = np.where(~alive[:, zero] & (high > 0) & (high - step < 0), 0.0, high)
    return (
        np.maximum.accumulate(np.maximum(low, -1.0)),
        np.minimum.accumulate(np.minimum(high, 1.0)),
    )


def ask_until_decided(
    differences: NDArray[np.float64], alpha: float = 0.05, chunk: int = 1
) -> SequentialResult:
    """Return where the asking stops.

    Args:
        differences: ``(n,)``, float64 in [-1, 1], in the order in which rows are asked; never
            empty.
        alpha: Chance of stopping at all if neither is better, at most.
        chunk: Rows are asked so many at a time; those of the last chunk count.
    """
    reached = np.maximum.accumulate(e_values(differences))
    crossed = np.flatnonzero(reached >= 1 / alpha)
    decided = len(crossed) > 0
    first = int(crossed[0]) + 1 if decided else len(differences)
    asked = min(-(-first // chunk) * chunk, len(differences))
    low, high = confidence_sequence(differences[:asked], alpha)
    return SequentialResult(
        asked=asked,
        decided=decided,
        better=int(np.sign(differences[:first].sum())) if decided else 0,
        e_value=float(reached[asked - 1]),
        difference=float(differences[:asked].mean()),
        low=float(low[-1]),
        high=float(high[-1]),
    )


def _log_wealth(
    differences: NDArray[np.float64], means: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the logarithm of the wealth, ``(n, len(means))``, after each row for each claim."""
    before = np.arange(len(differences), dtype=np.float64)
    total = np.concatenate([[0.0], np.cumsum(differences)[:-1]])
    squares = np.concatenate([[0.0], np.cumsum(differences**2)[:-1]])
    bets = (total[:, None] - before[:, None] * means) / (
        1 + squares[:, None] - 2 * means * total[:, None] + before[:, None] * means**2
    )
    # The wealth stays positive whatever comes next. At a mean of 0 this never binds.
    most = (before / (before + 1))[:, None]
    bets = np.clip(bets, -most / np.maximum(1 - means, 1e-12), most / np.maximum(1 + means, 1e-12))
    return np.cumsum(np.log1p(bets * (differences[:, None] - means)), axis=0)
