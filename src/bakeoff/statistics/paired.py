"""Tests of two contenders on the same rows: McNemar's, sign flips, approximate randomisation."""

from __future__ import annotations

import math
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import bdtr, gammaln

from bakeoff.statistics.resampling import coins, how_many

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from bakeoff.statistics.evidence import Prepared

ENUMERATED = 12
"""Up to so many units all sign patterns are counted, and p is exact."""
BETWEEN_LOOKS = 250
"""Swaps made before it is asked again whether more are needed."""
ENOUGH_REACHED = 50
ENOUGH_IF_NONE = 2_000
SLACK = 1e-10
"""Relative; equal sums may differ in the last digits, and must count as equal."""


def mcnemar_exact(first_only: int, second_only: int) -> float:
    """Return the exact two-sided p of McNemar's test (binomial, one half).

    Args:
        first_only: Rows on which only the first is right.
        second_only: Rows on which only the second is right.

    Example:
        >>> round(mcnemar_exact(22, 7), 4)
        0.0081
    """
    discordant, fewer = first_only + second_only, min(first_only, second_only)
    return min(1.0, 2 * float(bdtr(fewer, discordant, 0.5)))


def mcnemar_mid_p(first_only: int, second_only: int) -> float:
    """Return the mid-p of McNemar's test: nearer its level than the exact p, hardly ever above it.

    Fagerland, Lydersen and Laake, BMC Med. Res. Methodol. 13 (2013) 91. Arguments as above.
    """
    discordant, fewer = first_only + second_only, min(first_only, second_only)
    ways = gammaln(discordant + 1) - gammaln(fewer + 1) - gammaln(discordant - fewer + 1)
    at_fewer = math.exp(float(ways) - discordant * math.log(2))
    return min(1.0, 2 * float(bdtr(fewer, discordant, 0.5)) - at_fewer)


def sign_flip(differences: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    """Return two-sided p of a mean of 0, by flipping the signs of whole units.

    Args:
        differences: ``(m, c)``, float64: sum over each unit's rows of first - second, for ``c``
            comparisons that share the flips.
        seed: Of the flips.

    Returns:
        ``(c,)``, float64; exact up to 12 units.
    """
    m = len(differences)
    whole = differences.sum(axis=0)
    slack = SLACK * np.abs(differences).sum(axis=0)
    patterns: Iterable[NDArray[np.float64]]
    if m <= ENUMERATED:
        patterns, resamples = [np.array(list(product((0.0, 1.0), repeat=m)))], 2**m
    else:
        resamples = how_many(m)
        patterns = coins(m, resamples, seed)
    reached = np.zeros(differences.shape[1])
    for kept in patterns:
        totals = 2 * (kept @ differences) - whole
        reached += (np.abs(totals) >= np.abs(whole) - slack).sum(axis=0)
    if m <= ENUMERATED:
        return np.asarray(reached / resamples)
    return np.asarray((reached + 1) / (resamples + 1))


def approximate_randomisation(prepared: Prepared, first: int, second: int, seed: int) -> float:
    """Return the two-sided p of equal scores, by swapping predictions unit by unit.

    The metric is computed anew after each swap (Riezler and Maxwell, ACL workshop 2005). Swaps end
    when 50 reached the difference seen (a sequential p: Besag and Clifford, Biometrika 78, 1991),
    or none of 2,000 did.

    Args:
        prepared: The evidence.
        first: Position of one contender.
        second: Position of the other.
        seed: Of the swaps.
    """
    metric, units = prepared.metric, prepared.units
    a, b = prepared.statistics[first], prepared.statistics[second]
    pairs = [
        np.concatenate([a[i % len(a)], b[i % len(b)]]) for i in range(math.lcm(len(a), len(b)))
    ]

    def difference(swapped: NDArray[np.float64]) -> NDArray[np.float64]:
        own = np.concatenate([1 - swapped, swapped], axis=1)
        other = np.concatenate([swapped, 1 - swapped], axis=1)
        each = [metric.total(pair, own) - metric.total(pair, other) for pair in pairs]
        return np.asarray(np.mean(each, axis=0), dtype=np.float64)

    observed = float(np.abs(difference(np.zeros((1, prepared.n))))[0])
    if math.isnan(observed) or observed == 0:
        return 1.0
    done = reached = 0
    for swapped in coins(units.count, how_many(prepared.n), seed, most=BETWEEN_LOOKS):
        moved = np.abs(difference(units.spread(swapped)))
        reached += int((moved >= observed * (1 - SLACK)).sum())
        done += len(swapped)
        if reached >= ENOUGH_REACHED or (done >= ENOUGH_IF_NONE and reached == 0):
            break
    return (reached + 1) / (done + 1)
