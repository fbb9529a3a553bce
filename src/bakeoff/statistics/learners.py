"""Tests of two recipes over folds that share training rows: corrected t and its Bayesian twin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class FoldScores:
    """Scores of the primary metric on each held-out fold.

    Args:
        scores: contender -> ``(folds * repeats,)``, float64, in one order for all, seeds averaged.
        n_train: Training rows of a fold.
        n_test: Held-out rows of a fold.
    """

    scores: Mapping[str, NDArray[np.float64]]
    n_train: float
    n_test: float


@dataclass(frozen=True, slots=True)
class Posterior:
    """Probabilities of the Bayesian correlated t; ``equivalent`` is None without a ROPE."""

    better: float
    equivalent: float | None
    worse: float


def corrected_t(differences: NDArray[np.float64], n_train: float, n_test: float) -> float:
    """Return the two-sided p of Nadeau and Bengio's corrected resampled t test.

    Mach. Learn. 52 (2003) 239. The variance of the mean is ``s^2 (1/J + n_test/n_train)``.

    Args:
        differences: ``(J,)``, float64: first - second, on each of ``J`` folds.
        n_train: Training rows of a fold.
        n_test: Held-out rows of a fold.

    Returns:
        NaN for fewer than two folds; 1 for contenders that are the same on all.
    """
    if len(differences) < 2:
        return float("nan")
    mean, error = _location_and_scale(differences, n_train, n_test)
    if error == 0:
        return 1.0 if mean == 0 else 0.0
    return float(2 * stdtr(len(differences) - 1, -abs(mean) / error))


def correlated_t(
    differences: NDArray[np.float64], n_train: float, n_test: float, rope: float | None
) -> Posterior:
    """Return the Bayesian correlated t test (Corani and Benavoli, Mach. Learn. 100, 2015).

    The posterior of the mean difference is a t distribution with the location, scale and degrees
    of freedom of the corrected test.

    Args:
        differences: ``(J,)``, float64, oriented: positive is better.
        n_train: Training rows of a fold.
        n_test: Held-out rows of a fold.
        rope: The difference that would not matter; None: none.
    """
    width = rope or 0.0
    freedom = max(len(differences) - 1, 1)
    mean, error = _location_and_scale(differences, n_train, n_test)
    if error == 0:
        better, worse = float(mean > width), float(mean < -width)
    else:
        better = float(stdtr(freedom, (mean - width) / error))
        worse = float(stdtr(freedom, (-mean - width) / error))
    return Posterior(better, None if rope is None else max(0.0, 1 - better - worse), worse)


def _location_and_scale(
    differences: NDArray[np.float64], n_train: float, n_test: float
) -> tuple[float, float]:
    variance = float(differences.var(ddof=1)) if len(differences) > 1 else 0.0
    correction = 1 / len(differences) + n_test / n_train
    return float(differences.mean()), float(np.sqrt(variance * correction))
