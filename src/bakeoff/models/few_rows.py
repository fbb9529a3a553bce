"""A stated number of rows, drawn so that every class keeps its share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bakeoff.core.seeds import generator

if TYPE_CHECKING:
    from numpy.typing import NDArray


def draw_rows(targets: NDArray[Any], most: int | None, seed: int) -> NDArray[np.int64]:
    """Return the positions of at most so many rows, rising: ``(min(n, most),)``, int64.

    A class gets its share of them, to the nearest row, and one row at least where there are enough
    for all; numbers are drawn at random.

    Args:
        targets: ``(n,)``: class codes, integers; or numbers, floating.
        most: Rows to draw; None: all.
        seed: Another seed draws other rows.
    """
    n = len(targets)
    if most is None or most >= n:
        return np.arange(n)
    rng = generator(seed, "rows")
    if np.issubdtype(targets.dtype, np.floating):
        return np.sort(rng.permutation(n)[:most])
    _, codes, counts = np.unique(targets, return_inverse=True, return_counts=True)
    wanted = _shares(counts, most)
    # Each row's place in a random order of its class.
    order = rng.permutation(n)
    order = order[np.argsort(codes[order], kind="stable")]
    starts = np.cumsum(counts) - counts
    place = np.arange(n) - np.repeat(starts, counts)
    return np.sort(order[place < np.repeat(wanted, counts)])


def _shares(counts: NDArray[np.int64], total: int) -> NDArray[np.int64]:
    """Return how many of ``total`` rows each class gets, by largest remainders."""
    least = 1 if total >= len(counts) else 0
    wanted: NDArray[np.int64] = np.maximum(counts * total // counts.sum(), least)
    exact = counts * total / counts.sum()
    while wanted.sum() < total:
        wanted[np.argmax(np.where(wanted < counts, exact - wanted, -np.inf))] += 1
    while wanted.sum() > total:
        wanted[np.argmax(np.where(wanted > least, wanted - exact, -np.inf))] -= 1
    return wanted
