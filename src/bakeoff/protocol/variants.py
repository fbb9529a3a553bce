"""Settings tried side by side, and the honest score of picking one: by cross-fitting.

A cascade whose training rows have no answers cannot learn how many rows to send on. So several
shares run as variants, and the page's share is chosen on one part of the answered rows and judged
on the other, in turn; the labels of those rows are used for nothing else, and the page says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.core.seeds import generator

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

PARTS = 10


@dataclass(frozen=True, slots=True)
class Picked:
    """A row-wise mixture of variants.

    Args:
        variant: ``(n,)``, int64: which variant each row is judged by.
        shipped: The variant that all rows together pick.
    """

    variant: NDArray[np.int64]
    shipped: int


def cross_fit(
    variants: int,
    n: int,
    score: Callable[[int, NDArray[np.int64]], float],
    margin: float,
    seed: int,
) -> Picked:
    """Pick a variant for each part of the rows by the other parts.

    Picked is the first variant (they are ordered, cheap first) whose score is within ``margin`` of
    the best.

    Args:
        variants: How many there are.
        n: How many rows.
        score: ``score(variant, rows)``, oriented: larger is better.
        margin: Difference that does not matter: the ROPE.
        seed: For the parts.
    """
    part = generator(seed, "cross-fit").permutation(n) % min(PARTS, max(n, 1))
    chosen = np.zeros(n, dtype=np.int64)
    for number in np.unique(part):
        chosen[part == number] = _pick(variants, np.flatnonzero(part != number), score, margin)
    return Picked(chosen, _pick(variants, np.arange(n), score, margin))


def _pick(
    variants: int,
    rows: NDArray[np.int64],
    score: Callable[[int, NDArray[np.int64]], float],
    margin: float,
) -> int:
    if len(rows) == 0:
        return 0
    scores = [score(variant, rows) for variant in range(variants)]
    # Rounding must not make a variant that is exactly the margin below the best fall out.
    return next(v for v, value in enumerate(scores) if value >= max(scores) - margin - 1e-12)


def mix(choices: NDArray[np.int64], arrays: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return ``(seeds, n, k)`` statistics whose row ``i`` is taken from ``arrays[choices[i]]``."""
    stacked = np.stack(arrays)
    return np.stack(
        [stacked[choices, seed, np.arange(len(choices))] for seed in range(stacked.shape[1])]
    )
