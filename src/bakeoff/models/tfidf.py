"""TF-IDF of word and character n-grams, kept as hashes: fast, small, and safe to store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from bakeoff.models.ngram_hashes import character_grams, read, word_grams

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from bakeoff.models.ngram_hashes import CodePoints, Grams

_BITS = 24
_CHUNK_CHARACTERS = 4_000_000


@dataclass(frozen=True, slots=True)
class GramSettings:
    """Which n-grams are counted.

    Args:
        unit: ``"word"`` or ``"character"``.
        shortest: Shortest run, in units (characters only).
        longest: Longest run, in units.
        longest_unspaced: Longest run of words in scripts without spaces, where a word is one
            character.
        min_rows: N-grams that stand in fewer training texts are left out.
        max_features: The most frequent that are kept; bounds memory and model size.
    """

    unit: str
    shortest: int = 1
    longest: int = 2
    longest_unspaced: int = 3
    min_rows: int = 1
    max_features: int = 1_000_000


WORDS = GramSettings("word")
CHARACTERS = GramSettings("character", shortest=2, longest=5)


@dataclass(frozen=True, slots=True)
class TfidfVectoriser:
    """A learned vocabulary of one kind of n-gram with its weights.

    An n-gram is known by 24 bits of its hash: at 100,000 n-grams one in 170 shares its column
    with another, which costs nothing that can be measured, and no n-gram needs to be stored.

    Args:
        settings: Which n-grams are counted.
        buckets: ``(f,)``, int32, rising: the hashes that are columns.
        weights: ``(f,)``, float32: inverse document frequencies, ``log((1 + n) / (1 + df)) + 1``.
    """

    settings: GramSettings
    buckets: NDArray[np.int32]
    weights: NDArray[np.float32]

    @property
    def n_features(self) -> int:
        """Number of columns."""
        return len(self.buckets)

    @classmethod
    def fit(
        cls, texts: Sequence[str], settings: GramSettings
    ) -> tuple[TfidfVectoriser, sp.csr_matrix]:
        """Learn the vocabulary.

        Returns:
            The vectoriser, and what `transform` gives for ``texts``.
        """
        counts = count_grams(texts, settings)
        rows = np.bincount(counts.indices, minlength=counts.shape[1])
        kept = np.flatnonzero(rows >= settings.min_rows)
        kept = kept[rows[kept] > 0]
        if len(kept) > settings.max_features:
            # Stable, so that ties are settled by the hash and not by the sort's mood.
            order = np.argsort(-rows[kept], kind="stable")[: settings.max_features]
            kept = np.sort(kept[order])
        weights = np.log((1 + len(texts)) / (1 + rows[kept])) + 1
        made = cls(settings, kept.astype(np.int32), weights.astype(np.float32))
        return made, made._weigh(counts)

    def transform(self, texts: Sequence[str]) -> sp.csr_matrix:
        """Return ``(n_texts, n_features)``, CSR, float32; rows have length 1 (0 where nothing)."""
        return self._weigh(count_grams(texts, self.settings))

    def arrays(self, prefix: str) -> dict[str, NDArray[np.generic]]:
        """Return the state as named arrays."""
        return {f"{prefix}.buckets": self.buckets, f"{prefix}.weights": self.weights}

    @classmethod
    def of_arrays(
        cls, settings: GramSettings, arrays: Mapping[str, NDArray[np.generic]], prefix: str
    ) -> TfidfVectoriser:
        """Return the vectoriser whose state `arrays` gave."""
        return cls(
            settings,
            np.asarray(arrays[f"{prefix}.buckets"], dtype=np.int32),
            np.asarray(arrays[f"{prefix}.weights"], dtype=np.float32),
        )

    def _weigh(self, counts: sp.csr_matrix) -> sp.csr_matrix:
        if self.n_features == 0:
            return sp.csr_matrix(np.zeros((counts.shape[0], 0), dtype=np.float32))
        position = np.searchsorted(self.buckets, counts.indices)
        position[position == self.n_features] = 0
        known = self.buckets[position] == counts.indices
        rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))[known]
        indices = position[known].astype(np.int32)
        values = (1 + np.log(counts.data[known])) * self.weights[indices]
        squares = np.bincount(rows, weights=values**2, minlength=counts.shape[0])
        lengths = np.sqrt(np.where(squares > 0, squares, 1)).astype(np.float32)
        starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=counts.shape[0]))])
        return sp.csr_matrix(
            (values / lengths[rows], indices, starts.astype(np.int32)),
            shape=(counts.shape[0], self.n_features),
        )


def count_grams(texts: Sequence[str], settings: GramSettings) -> sp.csr_matrix:
    """Return how often each n-gram stands in each text: ``(n_texts, 2**24)``, CSR, float32."""
    parts = [_count_chunk(chunk, settings) for chunk in _chunks(texts)]
    if not parts:
        return sp.csr_matrix(np.zeros((0, 1 << _BITS), dtype=np.float32))
    return sp.vstack(parts, format="csr") if len(parts) > 1 else parts[0]


def _count_chunk(texts: Sequence[str], settings: GramSettings) -> sp.csr_matrix:
    grams = _grams(read(texts), settings)
    rows = np.concatenate([part.rows for part in grams])
    columns = np.concatenate(
        [(part.hashes >> np.uint64(64 - _BITS)).astype(np.int32) for part in grams]
    )
    ones = np.ones(len(rows), dtype=np.float32)
    # The conversion adds up what stands at one place, which does the counting.
    counts = sp.coo_matrix((ones, (rows, columns)), shape=(len(texts), 1 << _BITS)).tocsr()
    counts.sort_indices()
    return counts


def _grams(points: CodePoints, settings: GramSettings) -> list[Grams]:
    if settings.unit == "word":
        return word_grams(points, settings.longest, settings.longest_unspaced)
    return character_grams(points, (settings.shortest, settings.longest))


def _chunks(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield runs of texts of bounded size, so that memory does not grow with their number."""
    start = size = 0
    for position, text in enumerate(texts):
        size += len(text) + 1
        if size > _CHUNK_CHARACTERS:
            yield texts[start : position + 1]
            start, size = position + 1, 0
    if start < len(texts):
        yield texts[start:]
