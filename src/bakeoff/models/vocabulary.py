"""Words as numbers for nets that learn their own word vectors."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from bakeoff.models.text_tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

PAD, BETWEEN, LEFT_OUT, FIRST_UNKNOWN = 0, 1, 2, 3
UNKNOWN_BUCKETS = 64
"""Words that are not in the vocabulary share so many numbers, by their hash."""

_FIRST_WORD = FIRST_UNKNOWN + UNKNOWN_BUCKETS


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words of the training texts that occur often enough.

    Number 0 is padding, 1 stands between two text columns (and alone for an empty text), 2 for a
    word that an augmentation leaves out; then come the unknown words' buckets, then the words.

    Args:
        words: In order of falling frequency.
    """

    words: tuple[str, ...]
    _numbers: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        numbers = {word: number for number, word in enumerate(self.words, _FIRST_WORD)}
        object.__setattr__(self, "_numbers", numbers)

    def __len__(self) -> int:
        """Return how many numbers there are."""
        return _FIRST_WORD + len(self.words)

    @classmethod
    def fit(
        cls, columns: Sequence[Sequence[str]], *, least: int = 2, most: int = 30_000
    ) -> Vocabulary:
        """Learn the words of some columns of texts.

        Args:
            columns: Each of ``n`` texts.
            least: Times that a word must occur.
            most: Words to keep.
        """
        counts = Counter(word for column in columns for text in column for word in tokens(text))
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return cls(tuple(word for word, count in ranked[:most] if count >= least))

    def sequences(self, columns: Sequence[Sequence[str]], longest: int) -> list[NDArray[np.int32]]:
        """Return a row's words in all columns, one after the other, as numbers.

        Args:
            columns: Each of ``n`` texts.
            longest: Words of a row that are read; what lies behind is cut off.

        Returns:
            ``n`` arrays ``(length,)``, int32, each of 1 to ``longest`` numbers.
        """
        return [self.numbers(words) for words in read_words(columns, longest)]

    def numbers(self, words: Sequence[str]) -> NDArray[np.int32]:
        """Return the numbers of words as `read_words` gives them: ``(len(words),)``, int32."""
        return np.array([self._number(word) for word in words], dtype=np.int32)

    def _number(self, word: str) -> int:
        if not word:
            return BETWEEN
        known = self._numbers.get(word)
        if known is not None:
            return known
        return FIRST_UNKNOWN + crc32(word.encode("utf-8", "surrogatepass")) % UNKNOWN_BUCKETS


def read_words(columns: Sequence[Sequence[str]], longest: int) -> list[list[str]]:
    """Return each row's words in all columns, 1 to ``longest`` of them.

    An empty word stands between two columns, and alone where there is no word at all.

    Args:
        columns: Each of ``n`` texts.
        longest: Words of a row that are read; what lies behind is cut off.

    Example:
        >>> read_words([["Is it?", ""], ["it is", ""]], 4)
        [['is', 'it', '', 'it'], ['']]
    """
    rows = []
    for texts in zip(*columns, strict=True):
        words: list[str] = []
        for position, text in enumerate(texts):
            words += ([""] if position else []) + tokens(text)
        rows.append(words[:longest] or [""])
    return rows
