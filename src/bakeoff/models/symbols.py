"""Texts as sequences of symbols with a fixed vocabulary: characters or words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.models.kneser_ney import Sequences
from bakeoff.models.ngram_hashes import read, word_grams

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class SymbolVocabulary:
    """Known symbols; all others are one more symbol, "unknown".

    Args:
        unit: ``"word"`` or ``"character"``.
        known: ``(v,)``, uint64, rising: hashes of the known symbols.
    """

    unit: str
    known: NDArray[np.uint64]

    @property
    def n_symbols(self) -> int:
        """Number of symbols, the unknown one included."""
        return len(self.known) + 1

    @classmethod
    def fit(cls, texts: Sequence[str], unit: str) -> SymbolVocabulary:
        """Learn the symbols that occur."""
        return cls(unit, np.unique(_hashes(texts, unit)[0]))

    def sequences(self, texts: Sequence[str]) -> Sequences:
        """Return the texts as sequences of symbols."""
        hashes, rows = _hashes(texts, self.unit)
        found = np.searchsorted(self.known, hashes)
        inside = found < len(self.known)
        inside[inside] = self.known[found[inside]] == hashes[inside]
        symbols = np.where(inside, found, len(self.known))
        return Sequences(symbols.astype(np.int64), rows, len(texts))


def _hashes(texts: Sequence[str], unit: str) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    if not texts:
        return np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64)
    points = read(texts)
    if unit == "word":
        words = word_grams(points, 1, 1)[0]
        return words.hashes, words.rows.astype(np.int64)
    # The first space is of no text; each text ends with one, which tells nothing.
    inner = np.flatnonzero(np.diff(points.rows, append=-1) == 0)
    inner = inner[inner > 0]
    return points.mixed[inner], points.rows[inner].astype(np.int64)
