"""Features of text columns: TF-IDF of words and of characters, each column in blocks of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from bakeoff.models.tfidf import CHARACTERS, WORDS, TfidfVectoriser

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

_FEW_TEXTS = 1_000
_MOST_FEATURES = 500_000
_MOST_WEIGHTS = 16_000_000


def feature_cap(n_classes: int, n_columns: int) -> int:
    """Return how many features one vectoriser may have.

    A linear head's weights, their gradients and L-BFGS's memory of both must stay below 2 GiB.
    """
    return min(_MOST_FEATURES, _MOST_WEIGHTS // max(n_classes, 1) // (2 * n_columns))


@dataclass(frozen=True, slots=True)
class TextFeatures:
    """Learned vectorisers, two (words, characters) for each text column."""

    vectorisers: tuple[TfidfVectoriser, ...]

    @classmethod
    def fit(
        cls, columns: Sequence[Sequence[str]], max_features: int = _MOST_FEATURES
    ) -> tuple[TextFeatures, sp.csr_matrix]:
        """Learn the vocabularies.

        Args:
            columns: Texts of each column, all of one length.
            max_features: Of one vectoriser.

        Returns:
            The features, and what `transform` gives for ``columns``.
        """
        # N-grams of a single text cannot help another one; with few texts every text counts.
        min_rows = 1 if len(columns[0]) < _FEW_TEXTS else 2
        vectorisers, blocks = [], []
        for texts in columns:
            for settings in (WORDS, CHARACTERS):
                chosen = replace(settings, min_rows=min_rows, max_features=max_features)
                vectoriser, block = TfidfVectoriser.fit(texts, chosen)
                vectorisers.append(vectoriser)
                blocks.append(block)
        return cls(tuple(vectorisers)), sp.hstack(blocks, format="csr", dtype=np.float32)

    def transform(self, columns: Sequence[Sequence[str]]) -> sp.csr_matrix:
        """Return ``(n, n_features)``, CSR, float32."""
        blocks = [
            vectoriser.transform(columns[position // 2])
            for position, vectoriser in enumerate(self.vectorisers)
        ]
        return sp.csr_matrix(sp.hstack(blocks, format="csr", dtype=np.float32))

    def arrays(self, prefix: str) -> dict[str, NDArray[np.generic]]:
        """Return the state as named arrays."""
        found: dict[str, NDArray[np.generic]] = {}
        for position, vectoriser in enumerate(self.vectorisers):
            found |= vectoriser.arrays(f"{prefix}.{position}")
        return found

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, NDArray[np.generic]], prefix: str) -> TextFeatures:
        """Return the features whose state `arrays` gave."""
        found: list[TfidfVectoriser] = []
        while f"{prefix}.{len(found)}.buckets" in arrays:
            settings = CHARACTERS if len(found) % 2 else WORDS
            found.append(TfidfVectoriser.of_arrays(settings, arrays, f"{prefix}.{len(found)}"))
        return cls(tuple(found))
