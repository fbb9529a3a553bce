"""A stream of tokens cut into rows of one length: nothing is padded, next to nothing is lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.core.seeds import generator

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

_TRIES = 16
"""Draws of a stranger whose segment does not begin where a document does."""


def join(sequences: Iterable[NDArray[np.int32]], separator: int) -> NDArray[np.int32]:
    """Return documents one after the other, each followed by the separator: ``(n_tokens,)``.

    Args:
        sequences: Token numbers of a document each; empty ones are left out.
        separator: Number of the token that ends a document.
    """
    end = np.array([separator], dtype=np.int32)
    pieces = [part for each in sequences if len(each) for part in (each, end)]
    return np.concatenate(pieces) if pieces else np.empty(0, dtype=np.int32)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Rows as two segments each, for next-segment prediction.

    Args:
        splits: ``(n,)``, int64: tokens of a row's first segment.
        others: ``(n,)``, int64: the row whose end is the second segment; the row itself, or
            another one.
    """

    splits: NDArray[np.int64]
    others: NDArray[np.int64]

    @property
    def strangers(self) -> NDArray[np.int64]:
        """Return ``(n,)``: 1 where the second segment is another row's."""
        return np.asarray(self.others != np.arange(len(self.others)), dtype=np.int64)


def draw_pairs(rows: NDArray[np.int32], separator: int, seed: int) -> Pairs:
    """Divide each row into two segments; of half of the rows the second is another row's.

    Rows are divided inside a document where that is possible, so that the second segment really
    goes on where the first stops (Devlin et al. 2019, next-sentence prediction, with segments in
    place of sentences), and no separator at the joint betrays which second segments are strangers.

    Args:
        rows: ``(n, length)``, int32: at least 2 rows of at least 4 tokens.
        separator: Number of the token that ends a document.
        seed: Of what is drawn.
    """
    drawn = generator(seed, "segments")
    n, length = rows.shape
    inside = np.zeros(rows.shape, dtype=bool)
    inside[:, 1:] = (rows[:, 1:] != separator) & (rows[:, :-1] != separator)
    inside[:, : length // 4] = inside[:, length - length // 4 :] = False
    scores = np.where(inside, drawn.random(rows.shape), 0.0)
    splits = np.where(inside.any(axis=1), scores.argmax(axis=1), length // 2)
    own = np.arange(n)
    others = own.copy()
    # Half of the rows, by a permutation: as many strangers as not.
    strange = drawn.permutation(n)[: n // 2]
    for _ in range(_TRIES):
        others[strange] = (strange + drawn.integers(1, n, len(strange))) % n
        strange = strange[~inside[others[strange], splits[strange]]]
    return Pairs(splits.astype(np.int64), others)
