"""Nearest neighbours: the most similar rows, and what they vote for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bakeoff.models.linear_head import held_out_loss

if TYPE_CHECKING:
    from numpy.typing import NDArray

COUNTS = (1, 3, 5, 10, 20, 40)
"""Numbers of neighbours that are tried."""

_FEWEST_HELD_OUT = 50
_PRIOR_VOTES = 0.1


def top(similarities: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """Return the columns of the ``k`` largest of each row, largest first; ties to the left.

    Args:
        similarities: ``(n, m)``.
        k: At most ``m`` are returned.
    """
    k = min(k, similarities.shape[1])
    if k == 0:
        return np.zeros((len(similarities), 0), dtype=np.int64)
    # A partition alone would settle ties by chance of position; so all that tie are sorted.
    least = np.partition(similarities, -k, axis=1)[:, -k]
    found = np.empty((len(similarities), k), dtype=np.int64)
    for row, values in enumerate(similarities):
        candidates = np.flatnonzero(values >= least[row])
        found[row] = candidates[np.argsort(-values[candidates], kind="stable")[:k]]
    return found


def vote(
    similarities: NDArray[np.float32],
    targets: NDArray[Any],
    base: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return what the neighbours say, each weighted by its similarity.

    Args:
        similarities: ``(n, k)``, not negative; a neighbour without any has no vote.
        targets: ``(n, k)``: class codes or numbers of the neighbours.
        base: ``(n_classes,)`` shares of the classes, or ``()`` the mean; float64. It has a tenth
            of a vote, which decides where no neighbour has one.

    Returns:
        ``(n, n_classes)`` probabilities or ``(n,)`` numbers, float64.
    """
    weights = similarities.astype(np.float64)
    largest = weights.max(axis=1, keepdims=True, initial=0.0)
    weights = weights / np.where(largest > 0, largest, 1.0)
    total = weights.sum(axis=1) + _PRIOR_VOTES
    if base.ndim == 0:
        return np.asarray(((weights * targets).sum(axis=1) + _PRIOR_VOTES * base) / total)
    n, n_classes = len(weights), len(base)
    cells = (np.arange(n)[:, None] * n_classes + targets).ravel()
    votes = np.bincount(cells, weights=weights.ravel(), minlength=n * n_classes)
    return np.asarray((votes.reshape(n, n_classes) + _PRIOR_VOTES * base) / total[:, None])


def base_of(targets: NDArray[Any], n_classes: int) -> NDArray[np.float64]:
    """Return the shares of the classes, or the mean where ``n_classes`` is 0; see `vote`."""
    if n_classes == 0:
        return np.asarray(targets.mean(), dtype=np.float64)
    return np.bincount(targets, minlength=n_classes) / len(targets)


def choose_count(
    similarities: NDArray[np.float32],
    neighbour_targets: NDArray[Any],
    targets: NDArray[Any],
    base: NDArray[np.float64],
    default: int,
) -> int:
    """Return the number of neighbours that is best on held-out rows; ``default`` with too few.

    Args:
        similarities: ``(n, k)`` of the held-out rows, largest first.
        neighbour_targets: ``(n, k)``.
        targets: ``(n,)`` of the held-out rows.
        base: As in `vote`.
        default: Number of neighbours.
    """
    if len(targets) < _FEWEST_HELD_OUT:
        return default
    losses = [
        held_out_loss(vote(similarities[:, :k], neighbour_targets[:, :k], base), targets)
        for k in COUNTS
    ]
    return COUNTS[int(np.argmin(losses))]
