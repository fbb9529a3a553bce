"""A language model over words that can spell: counts of words, and of bytes for unknown words."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.models.byte_text import N_BYTES, byte_sequences
from bakeoff.models.kneser_ney import KneserNey, Sequences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_WORD = re.compile(r" ?\w+| ?[^\w\s]+|\s")
"""A word or a run of marks, each with the space before it, or one character of white space: put
together they are the text again."""

LEAST = 2
"""Times that a word stands in training to be known; the others teach how unknown words look."""


def words_of(text: str) -> list[str]:
    """Return the pieces of a text; put together they are the text again."""
    return _WORD.findall(text)


@dataclass(frozen=True, slots=True)
class SpellingModel:
    """Words by the words before them; an unknown word by its bytes.

    Args:
        known: The words that the model of words tells apart; after them comes "unknown".
        words: Of `known` and one more symbol.
        spelling: Of the bytes of unknown words, and their end.
    """

    known: tuple[str, ...]
    words: KneserNey
    spelling: KneserNey

    @classmethod
    def fit(cls, texts: Sequence[str], *, order: int, spelling_order: int) -> SpellingModel:
        """Count words, and the bytes of rare ones.

        Args:
            texts: To learn from.
            order: Longest n-gram of words.
            spelling_order: Longest n-gram of bytes.
        """
        counts = Counter(word for text in texts for word in words_of(text))
        known = tuple(sorted(word for word, count in counts.items() if count >= LEAST))
        rare = sorted(counts.keys() - set(known)) or list(known)
        number = {word: place for place, word in enumerate(known)}
        words = KneserNey.fit(
            _numbered(texts, number)[0],
            np.zeros(len(texts), dtype=np.int64),
            order=order,
            n_symbols=len(known) + 1,
            n_classes=1,
            ends=False,
        )
        spelling = KneserNey.fit(
            byte_sequences(rare),
            np.zeros(len(rare), dtype=np.int64),
            order=spelling_order,
            n_symbols=N_BYTES,
            n_classes=1,
        )
        return cls(known, words, spelling)

    def nats(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return minus the log probability of each text: ``(n,)``, float64."""
        number = {word: place for place, word in enumerate(self.known)}
        sequences, unknown, rows = _numbered(texts, number)
        found = -self.words.log_likelihoods(sequences)[:, 0]
        if unknown:
            # Each spelling is asked once; most unknown words come back.
            different, place = np.unique(np.array(unknown, dtype=object), return_inverse=True)
            costs = -self.spelling.log_likelihoods(byte_sequences(list(different)))[:, 0]
            np.add.at(found, rows, costs[place])
        return np.asarray(found, dtype=np.float64)

    def write(self, characters: int, rng: np.random.Generator) -> str:
        """Return a text drawn word by word, unknown words byte by byte."""
        so_far: list[int] = []
        text = ""
        while len(text) < characters:
            drawn = _draw(self.words, so_far, rng)
            so_far.append(drawn)
            text += self.known[drawn] if drawn < len(self.known) else self._spelled(rng)
        return text[:characters]

    def _spelled(self, rng: np.random.Generator) -> str:
        spelled: list[int] = []
        while (drawn := _draw(self.spelling, spelled, rng)) < N_BYTES:
            spelled.append(drawn)
        return bytes(spelled).decode("utf-8", "replace")


def _draw(model: KneserNey, so_far: list[int], rng: np.random.Generator) -> int:
    shares = model.next_probabilities(np.asarray(so_far, dtype=np.int64))[:, 0]
    return int(rng.choice(len(shares), p=shares / shares.sum()))


def _numbered(
    texts: Sequence[str], number: dict[str, int]
) -> tuple[Sequences, list[str], NDArray[np.int64]]:
    """Return the words' numbers, the unknown words, and the text of each of these."""
    symbols: list[int] = []
    rows: list[int] = []
    unknown: list[str] = []
    unknown_rows: list[int] = []
    for row, text in enumerate(texts):
        for word in words_of(text):
            place = number.get(word, len(number))
            symbols.append(place)
            rows.append(row)
            if place == len(number):
                unknown.append(word)
                unknown_rows.append(row)
    sequences = Sequences(
        np.asarray(symbols, dtype=np.int64), np.asarray(rows, dtype=np.int64), len(texts)
    )
    return sequences, unknown, np.asarray(unknown_rows, dtype=np.int64)
