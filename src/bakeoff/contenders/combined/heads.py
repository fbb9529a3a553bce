"""Heads: small models that weigh the predictions of a stack's parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_PRIOR_PRECISION = 1.0
_SMALLEST_PROBABILITY = 1e-6


@dataclass(frozen=True, slots=True)
class OpinionPool:
    """A logistic head: ``p(class) ~ exp(bias[class] + sum of weight[part] * log p_part(class))``.

    One weight for each part, not for each part and class, so that a few hundred rows and a hundred
    classes are enough to learn it. Genest and Zidek (1986), "Combining probability
    distributions"; a single part makes it temperature scaling.

    Args:
        weights: ``(n_parts,)``, float64, at least 0.
        bias: ``(n_classes,)``, float64; minus infinity for a class that was never seen.
    """

    weights: NDArray[np.float64]
    bias: NDArray[np.float64]

    def probabilities(self, opinions: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return ``(n, n_classes)``, rows sum to 1, from opinions ``(n, n_parts, n_classes)``."""
        return _softmax(np.einsum("npc,p->nc", _evidence(opinions), self.weights) + self.bias)


def fit_opinion_pool(
    opinions: NDArray[np.float64], targets: NDArray[np.integer], seen: NDArray[np.bool_]
) -> OpinionPool:
    """Fit the pool by maximum likelihood, drawn towards equal weights and no bias.

    Args:
        opinions: ``(n, n_parts, n_classes)``, float64, probabilities.
        targets: ``(n,)``, int, class codes.
        seen: ``(n_classes,)``, bool: classes that stand in the training rows at all; the others
            get probability 0.
    """
    from scipy.optimize import minimize

    n, n_parts, n_classes = opinions.shape
    evidence = _evidence(opinions)
    start = np.concatenate([np.full(n_parts, 1 / n_parts), np.zeros(n_classes)])

    def loss(values: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights, bias = values[:n_parts], values[n_parts:]
        found = _softmax(np.einsum("npc,p->nc", evidence, weights) + bias)
        surprise = -np.log(np.maximum(found[np.arange(n), targets], 1e-300)).sum()
        found[np.arange(n), targets] -= 1
        slope = np.concatenate([np.einsum("npc,nc->p", evidence, found), found.sum(axis=0)])
        away = values - start
        penalty = _PRIOR_PRECISION / 2 * float(away @ away)
        return (surprise + penalty) / n, (slope + _PRIOR_PRECISION * away) / n

    bounds = [(0.0, None)] * n_parts + [(None, None)] * n_classes
    values = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return OpinionPool(values[:n_parts], np.where(seen, values[n_parts:], -np.inf))


@dataclass(frozen=True, slots=True)
class WeightedSum:
    """A ridge head: ``offset + sum of weight[part] * value_part``.

    Args:
        weights: ``(n_parts,)``, float64.
        offset: Added to every prediction.
    """

    weights: NDArray[np.float64]
    offset: float

    def values(self, numbers: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return ``(n,)`` from ``(n, n_parts)``; a missing number is taken as the row's mean.

        A row without any number is NaN.
        """
        known = ~np.isnan(numbers)
        count = known.sum(axis=1, keepdims=True)
        total = np.where(known, numbers, 0).sum(axis=1, keepdims=True)
        with np.errstate(invalid="ignore"):
            filled = np.where(known, numbers, total / count)
        result: NDArray[np.float64] = self.offset + filled @ self.weights
        return result


def fit_weighted_sum(numbers: NDArray[np.float64], targets: NDArray[np.float64]) -> WeightedSum:
    """Fit by ridge regression, drawn towards equal weights that sum to 1.

    Breiman (1996), "Stacked regressions", Machine Learning 24.

    Args:
        numbers: ``(n, n_parts)``, float64; rows with a missing number are left out.
        targets: ``(n,)``, float64.
    """
    n_parts = numbers.shape[1]
    whole = ~np.isnan(numbers).any(axis=1)
    numbers, targets = numbers[whole], targets[whole]
    weights = np.full(n_parts, 1 / n_parts)
    if len(targets) == 0:
        return WeightedSum(weights, 0.0)
    scale = float(targets.std()) or 1.0
    centred = (numbers - numbers.mean(axis=0)) / scale
    rest = (targets - targets.mean()) / scale - centred @ weights
    gram = centred.T @ centred + _PRIOR_PRECISION * np.eye(n_parts)
    weights = weights + np.linalg.solve(gram, centred.T @ rest)
    return WeightedSum(weights, float(targets.mean() - numbers.mean(axis=0) @ weights))


def _evidence(opinions: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return centred log-probabilities: a uniform opinion weighs nothing."""
    logs = np.log(np.maximum(opinions, _SMALLEST_PROBABILITY))
    return np.asarray(logs - logs.mean(axis=2, keepdims=True))


def _softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))
