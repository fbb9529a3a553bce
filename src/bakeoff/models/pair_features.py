"""Features of two texts together: how alike they are, and in which n-grams they agree or differ."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from bakeoff.models.text_tokens import tokens
from bakeoff.models.tfidf import CHARACTERS, WORDS, GramSettings, TfidfVectoriser

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

_SINGLE_WORDS = GramSettings("word", longest=1, longest_unspaced=2)
_SHORT_CHARACTERS = replace(CHARACTERS, longest=3)
_VIEWS = (_SINGLE_WORDS, WORDS, _SHORT_CHARACTERS, CHARACTERS)
_SPARSE_VIEWS = (1, 3)
"""Views whose n-grams are features themselves: words 1-2 and characters 2-5."""


@dataclass(frozen=True, slots=True)
class PairFeatures:
    """Learned vectorisers that both texts share, one for each view."""

    views: tuple[TfidfVectoriser, ...]

    @classmethod
    def fit(cls, first: Sequence[str], second: Sequence[str], max_features: int) -> PairFeatures:
        """Learn the vocabularies from both columns together."""
        texts = [*first, *second]
        settings = (replace(view, max_features=max_features) for view in _VIEWS)
        return cls(tuple(TfidfVectoriser.fit(texts, view)[0] for view in settings))

    def transform(
        self, first: Sequence[str], second: Sequence[str]
    ) -> tuple[NDArray[np.float32], sp.csr_matrix]:
        """Return features of each pair.

        Returns:
            ``(n, 24)``, float32: cosines, weighted and plain overlaps, lengths and differences;
            and ``(n, 2 * f)``, CSR, float32: ``|a - b|`` and ``a * b`` of the TF-IDF vectors.
        """
        left = [view.transform(first) for view in self.views]
        right = [view.transform(second) for view in self.views]
        cosines = np.stack([_row_sums(a.multiply(b)) for a, b in zip(left, right, strict=True)], 1)
        weighted = _weighted_overlaps(left[0], right[0], self.views[0].weights)
        plain = np.asarray(
            [_overlaps(tokens(a), tokens(b)) for a, b in zip(first, second, strict=True)],
            dtype=np.float32,
        ).reshape(len(first), _N_OVERLAPS)
        parts: list[sp.csr_matrix] = []
        for view in _SPARSE_VIEWS:
            parts += [abs(left[view] - right[view]), left[view].multiply(right[view]).tocsr()]
        dense = np.concatenate([cosines, weighted, plain], axis=1).astype(np.float32)
        return dense, sp.csr_matrix(sp.hstack(parts, format="csr", dtype=np.float32))

    def arrays(self, prefix: str) -> dict[str, NDArray[np.generic]]:
        """Return the state as named arrays."""
        found: dict[str, NDArray[np.generic]] = {}
        for position, view in enumerate(self.views):
            found |= view.arrays(f"{prefix}.{position}")
        return found

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, NDArray[np.generic]], prefix: str) -> PairFeatures:
        """Return the features whose state `arrays` gave."""
        return cls(
            tuple(
                TfidfVectoriser.of_arrays(settings, arrays, f"{prefix}.{position}")
                for position, settings in enumerate(_VIEWS)
            )
        )


def _row_sums(matrix: sp.csr_matrix) -> NDArray[np.float64]:
    return np.asarray(matrix.sum(axis=1), dtype=np.float64).ravel()


def _share(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    return part / np.where(whole > 0, whole, np.inf)


def _weighted_overlaps(
    left: sp.csr_matrix, right: sp.csr_matrix, weights: NDArray[np.float32]
) -> NDArray[np.float64]:
    """Return ``(n, 5)``: shares and rests of the shared words, each weighing its rarity."""
    sides = []
    for matrix in (left, right):
        rarity = matrix.copy()
        rarity.data = weights[rarity.indices]
        sides.append(rarity)
    both = _row_sums(sides[0].minimum(sides[1]))
    first, second = (_row_sums(side) for side in sides)
    return np.stack(
        [
            _share(both, first),
            _share(both, second),
            _share(both, first + second - both),
            first - both,
            second - both,
        ],
        axis=1,
    )


_N_OVERLAPS = 15


def _overlaps(first: list[str], second: list[str]) -> list[float]:
    """Return lengths, shares of shared words and pairs of words, numbers, and ends."""
    words, others = set(first), set(second)
    shared = len(words & others)
    pairs, other_pairs = set(pairwise(first)), set(pairwise(second))
    numbers = {word for word in words if word.isdigit()}
    other_numbers = {word for word in others if word.isdigit()}
    shorter, longer = sorted((len(first), len(second)))
    return [
        len(first),
        len(second),
        longer - shorter,
        shorter / max(longer, 1),
        shared / max(len(words | others), 1),
        shared / max(len(words), 1),
        shared / max(len(others), 1),
        shared / max(min(len(words), len(others)), 1),
        len(words - others),
        len(others - words),
        len(pairs & other_pairs) / max(len(pairs | other_pairs), 1),
        len(numbers & other_numbers),
        len(numbers ^ other_numbers),
        float(first[:1] == second[:1]),
        float(first[-1:] == second[-1:]),
    ]
