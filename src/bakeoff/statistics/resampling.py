"""What is drawn in a resample (rows or groups), and the weights of many resamples, in blocks.

Of ``m`` units a resample draws ``m - 1`` with replacement: the variance of the resampled mean is
then unbiased (Rao and Wu, JASA 83, 1988), which matters for 30 groups and for five seeds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from bakeoff.core.seeds import generator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

RESAMPLES = 10_000
MOST_CELLS = 200_000_000
"""Resamples times rows; beyond, fewer resamples: their noise shrinks beside so many rows."""
BLOCK_CELLS = 2**20
"""Weights held at once: 8 MiB."""


@dataclass(frozen=True, slots=True)
class Units:
    """What is drawn as one piece.

    Args:
        codes: ``(n,)``, int64: unit of each row.
        count: Number of units, ``m``.
        effective: As many units of equal size would tell as much: ``(sum n_g)^2 / sum n_g^2``.
    """

    codes: NDArray[np.int64]
    count: int
    effective: float

    @classmethod
    def of_rows(cls, n: int, groups: NDArray[np.generic] | None) -> Self:
        """Return rows as units, or groups where they are given."""
        if groups is None:
            return cls(np.arange(n), n, float(n))
        distinct, codes = np.unique(groups, return_inverse=True)
        sizes = np.bincount(codes)
        return cls(codes.astype(np.int64), len(distinct), float(n**2 / (sizes**2).sum()))

    @property
    def freedom(self) -> float:
        """Degrees of freedom of a variance over the units."""
        return self.effective - 1

    def spread(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return row weights ``(b, n)`` from unit weights ``(b, m)``."""
        return weights if self.count == len(self.codes) else weights[:, self.codes]

    def sums(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return ``(m, c)`` sums over the rows of each unit from ``(n, c)`` values."""
        if self.count == len(self.codes):
            return values
        return np.column_stack(
            [np.bincount(self.codes, column, minlength=self.count) for column in values.T]
        )


def how_many(n: int) -> int:
    """Return how many resamples of ``n`` rows are drawn."""
    return int(min(RESAMPLES, max(1_000, MOST_CELLS // max(1, n))))


def blocks(resamples: int, n: int, most: int = RESAMPLES) -> Iterator[slice]:
    """Yield slices of ``range(resamples)`` such that ``(b, n)`` weights fit the cache."""
    size = min(most, max(8, BLOCK_CELLS // max(1, n)))
    for start in range(0, resamples, size):
        yield slice(start, min(start + size, resamples))


def draw(m: int, resamples: int, random: np.random.Generator) -> NDArray[np.float64]:
    """Return ``(resamples, m)``, float64: how often each of ``m`` units was drawn, m - 1 draws."""
    if m == 1:
        return np.ones((resamples, 1))
    drawn = random.integers(0, m, size=(resamples, m - 1))
    drawn += m * np.arange(resamples)[:, None]
    counts = np.bincount(drawn.ravel(), minlength=resamples * m)
    return counts.reshape(resamples, m).astype(np.float64)


def coins(
    m: int, resamples: int, seed: int, *, most: int = RESAMPLES
) -> Iterator[NDArray[np.float64]]:
    """Yield ``(b, m)`` blocks of fair coins, 0 or 1: ``resamples`` in all, ``most`` a block."""
    random = generator(seed, "coins")
    for block in blocks(resamples, m, most):
        count = (block.stop - block.start) * m
        bits = np.frombuffer(random.bytes(count // 8 + 1), dtype=np.uint8)
        yield np.unpackbits(bits, count=count).reshape(-1, m).astype(np.float64)
