"""Runs of letters inside words, as numbers: what a rare word shares with words that are known."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

BUCKETS = 16_384
"""Runs of letters share so many numbers, by their hash; number 0 stands for none."""

MOST_PIECES = 12
"""Of a longer word's runs as many are kept."""

_LENGTHS = (3, 4, 5)


def piece_numbers(word: str) -> NDArray[np.int32]:
    """Return the numbers of a word's runs of 3 to 5 letters, its ends marked: ``(MOST_PIECES,)``.

    Zeros fill it up. Source: Bojanowski et al. 2017, 'Enriching Word Vectors with Subword
    Information' (fastText).

    Example:
        >>> len(set(piece_numbers("card")) & set(piece_numbers("cards")) - {0})
        6
    """
    marked = f"<{word}>"
    runs = {marked[i : i + n] for n in _LENGTHS for i in range(len(marked) - n + 1)}
    found = {1 + crc32(run.encode("utf-8", "surrogatepass")) % (BUCKETS - 1) for run in runs}
    # Those with the smallest hashes: words that share runs then keep the same ones.
    kept = sorted(found)[:MOST_PIECES]
    numbers = np.zeros(MOST_PIECES, dtype=np.int32)
    numbers[: len(kept)] = kept
    return numbers


def piece_table(
    texts: Sequence[Sequence[str]],
) -> tuple[list[NDArray[np.int32]], NDArray[np.int32]]:
    """Return the pieces of each distinct word once, and where each text's words stand among them.

    Args:
        texts: ``n`` lists of words; an empty word has no pieces.

    Returns:
        ``n`` arrays ``(length,)``, int32: rows of the table; and the table ``(n_words + 1,
        MOST_PIECES)``, int32, whose row 0 is all zeros.
    """
    places = {"": 0}
    rows = [
        np.array([places.setdefault(word, len(places)) for word in words], dtype=np.int32)
        for words in texts
    ]
    table = np.zeros((len(places), MOST_PIECES), dtype=np.int32)
    for word, place in places.items():
        if word:
            table[place] = piece_numbers(word)
    return rows, table
