"""BM25 over hashed words: how well each of many texts answers a query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from bakeoff.models.neighbours import top
from bakeoff.models.tfidf import GramSettings, count_grams

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

_TERMS = GramSettings("word", longest=1, longest_unspaced=2)
_QUERIES_AT_A_TIME = 256


@dataclass(frozen=True, slots=True)
class Bm25:
    """An index of texts.

    Robertson and Zaragoza 2009, 'The Probabilistic Relevance Framework: BM25 and Beyond', with
    the inverse document frequency ``log(1 + (n - df + 0.5) / (df + 0.5))``, which is never
    negative. Terms are words; single characters and pairs of them in scripts without spaces.

    Args:
        buckets: ``(f,)``, int32, rising: the hashes of the known terms.
        weights: ``(f, n_texts)``, CSR, float32: what a text gains from each term.
    """

    buckets: NDArray[np.int32]
    weights: sp.csr_matrix

    @classmethod
    def fit(cls, texts: Sequence[str], *, k1: float = 1.2, b: float = 0.75) -> Bm25:
        """Index the texts.

        Args:
            texts: The texts.
            k1: How soon more of the same term stops to count.
            b: How much long texts are held down, from 0 to 1.
        """
        counts = count_grams(texts, _TERMS)
        buckets, columns = np.unique(counts.indices, return_inverse=True)
        lengths = np.asarray(counts.sum(axis=1)).ravel()
        rows = np.repeat(np.arange(len(texts)), np.diff(counts.indptr))
        frequency = np.bincount(columns, minlength=len(buckets))
        idf = np.log(1 + (len(texts) - frequency + 0.5) / (frequency + 0.5))
        relative = lengths[rows] / max(float(lengths.mean()), 1.0)
        gain = counts.data * (k1 + 1) / (counts.data + k1 * (1 - b + b * relative))
        values = (idf[columns] * gain).astype(np.float32)
        shape = (len(buckets), len(texts))
        return cls(
            buckets.astype(np.int32), sp.coo_matrix((values, (columns, rows)), shape).tocsr()
        )

    def scores(self, queries: Sequence[str]) -> NDArray[np.float32]:
        """Return ``(n_queries, n_texts)``, float32."""
        found = self._known(queries) @ self.weights
        return np.asarray(found.toarray(), dtype=np.float32)

    def nearest(
        self, queries: Sequence[str], k: int
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return scores and positions of the ``k`` best texts of each query, best first."""
        k = min(k, self.weights.shape[1])
        scores = np.zeros((len(queries), k), dtype=np.float32)
        positions = np.zeros((len(queries), k), dtype=np.int64)
        for start in range(0, len(queries), _QUERIES_AT_A_TIME):
            part = slice(start, start + _QUERIES_AT_A_TIME)
            every = self.scores(queries[part])
            positions[part] = top(every, k)
            scores[part] = np.take_along_axis(every, positions[part], axis=1)
        return scores, positions

    def arrays(self, prefix: str) -> dict[str, NDArray[np.generic]]:
        """Return the state as named arrays."""
        return {
            f"{prefix}.buckets": self.buckets,
            f"{prefix}.data": self.weights.data,
            f"{prefix}.indices": self.weights.indices,
            f"{prefix}.indptr": self.weights.indptr,
            f"{prefix}.n_texts": np.asarray([self.weights.shape[1]]),
        }

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, NDArray[np.generic]], prefix: str) -> Bm25:
        """Return the index whose state `arrays` gave."""
        buckets = np.asarray(arrays[f"{prefix}.buckets"], dtype=np.int32)
        data, indices, indptr = (
            np.asarray(arrays[f"{prefix}.{name}"], dtype=dtype)
            for name, dtype in (("data", np.float32), ("indices", np.int32), ("indptr", np.int32))
        )
        shape = (len(buckets), int(arrays[f"{prefix}.n_texts"][0]))
        return cls(buckets, sp.csr_matrix((data, indices, indptr), shape=shape))

    def _known(self, queries: Sequence[str]) -> sp.csr_matrix:
        counts = count_grams(queries, _TERMS)
        position = np.searchsorted(self.buckets, counts.indices)
        inside = position < len(self.buckets)
        inside[inside] = self.buckets[position[inside]] == counts.indices[inside]
        rows = np.repeat(np.arange(len(queries)), np.diff(counts.indptr))[inside]
        shape = (len(queries), len(self.buckets))
        return sp.csr_matrix((counts.data[inside], (rows, position[inside])), shape=shape)
