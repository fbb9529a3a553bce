"""Static token vectors: a text is the weighted mean of vectors that are looked up.

The idea is model2vec's (Tulkens and van Dongen 2024, 'Model2Vec: Fast State-of-the-Art Static
Embeddings', MIT): every token of a pretrained encoder's vocabulary goes through the encoder alone,
and principal components of what comes out make a table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_SMOOTHING = 1e-4


def principal_components(vectors: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    """Return the vectors in the directions along which they differ most.

    The directions' signs are fixed, so that the same vectors give the same components.

    Args:
        vectors: ``(n, width)``, float32.
        size: Directions that are kept.

    Returns:
        ``(n, min(size, width))``, float32, means 0.
    """
    centred = vectors - vectors.mean(axis=0, dtype=np.float64)
    _, directions = np.linalg.eigh(centred.T @ centred)
    kept = directions[:, ::-1][:, :size]
    signs = np.sign(kept[np.abs(kept).argmax(axis=0), np.arange(kept.shape[1])])
    return np.asarray(centred @ (kept * signs), dtype=np.float32)


def zipf_weights(n_tokens: int) -> NDArray[np.float32]:
    """Return how much each token counts in a text's mean, by its rank in the vocabulary.

    Vocabularies are learned from counts and begin with what is frequent, so that a token's share
    of all texts follows from its rank alone (Zipf's law); the weight is ``a / (a + share)`` of
    Arora et al. 2017, 'A Simple but Tough-to-Beat Baseline for Sentence Embeddings'.

    Returns:
        ``(n_tokens,)``, float32, in 0 to 1.
    """
    shares = 1 / np.arange(2, n_tokens + 2)
    shares /= shares.sum()
    return np.asarray(_SMOOTHING / (_SMOOTHING + shares), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class StaticVectors:
    """A table of token vectors: ``(n_tokens, size)``, float16, each as long as the token counts."""

    table: NDArray[np.float16]

    @classmethod
    def distil(
        cls, vectors: NDArray[np.float32], size: int, dropped: Sequence[int]
    ) -> StaticVectors:
        """Return the table.

        Args:
            vectors: ``(n_tokens, width)``, float32: each token as the encoder sees it alone.
            size: Numbers of a vector, at most.
            dropped: Numbers of tokens that never count (unknown, special).
        """
        table = principal_components(vectors, size) * zipf_weights(len(vectors))[:, None]
        table[list(dropped)] = 0
        return cls(table.astype(np.float16))

    def means(self, sequences: Sequence[NDArray[np.int32]]) -> NDArray[np.float32]:
        """Return ``(n, size)``, float32: rows of length 1, 0 where no token counts.

        Args:
            sequences: ``n`` arrays of token numbers, any of them empty.
        """
        tokens = np.concatenate([np.zeros(0, dtype=np.int32), *sequences])
        ends = np.cumsum([0, *(len(sequence) for sequence in sequences)])
        # Only the rows of the table that are read are brought to float32.
        seen, columns = np.unique(tokens, return_inverse=True)
        ones = np.ones(len(tokens), dtype=np.float32)
        rows = sp.csr_matrix((ones, columns, ends), shape=(len(sequences), len(seen)))
        sums = rows @ self.table[seen].astype(np.float32)
        norms = np.linalg.norm(sums, axis=1, keepdims=True)
        return np.asarray(sums / np.where(norms > 0, norms, 1), dtype=np.float32)
