"""Words of texts in any script: where a script puts no spaces, every character is its own word.

All text models share this one reading of a text, so that none of them silently sees nothing in
Chinese, Japanese or Thai, and none cuts Hindi words at their vowel signs.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNSPACED_RANGES = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x3005, 0x3007),  # ideographic iteration mark, closing mark and zero
    (0x3040, 0x30FF),  # Hiragana, Katakana
    (0x31F0, 0x31FF),  # Katakana extensions
    (0x3400, 0x4DBF),  # Han, extension A
    (0x4E00, 0x9FFF),  # Han
    (0xF900, 0xFAFF),  # Han, compatibility
    (0x20000, 0x323AF),  # Han, further extensions
)
"""Code points, both ends included, of scripts that are written without spaces between words."""

OTHER, SPACE, WORD, UNSPACED = 0, 1, 2, 3
"""Kinds of characters: punctuation and the like, white space, part of a word, a word by itself."""

_UNKNOWN = 255
_N_CODE_POINTS = 0x110000


def normalise(text: str) -> str:
    """Return ``text`` in Unicode form NFKC (full-width letters become plain) and lower case."""
    return (text if text.isascii() else unicodedata.normalize("NFKC", text)).lower()


def tokens(text: str) -> list[str]:
    """Return the words of a text in their order, normalised.

    Example:
        >>> tokens("Don't panic, 不好吃!")
        ['don', 't', 'panic', '不', '好', '吃']
    """
    found: list[str] = _pattern().findall(normalise(text))
    return found


def terms(text: str) -> list[str]:
    """Return what a bag of words counts: words, and runs of 1 to 3 characters where none is spaced.

    Example:
        >>> terms("ok 不好吃")
        ['ok', '不', '好', '吃', '不好', '好吃', '不好吃']
    """
    found: list[str] = []
    run = ""
    end = -1
    for match in _pattern().finditer(normalise(text)):
        token = match.group()
        if kind_of(token[0]) != UNSPACED:
            found.append(token)
            continue
        if match.start() != end:
            found += _grams(run)
            run = ""
        run += token
        end = match.end()
    return found + _grams(run)


def kind_of(character: str) -> int:
    """Return the kind of one character: `OTHER`, `SPACE`, `WORD` or `UNSPACED`.

    Marks count as parts of words, though not for Python's regular expressions, or Hindi words would
    be cut at their vowel signs.
    """
    if character.isspace():
        return SPACE
    if not (
        character.isalnum() or character == "_" or unicodedata.category(character).startswith("M")
    ):
        return OTHER
    code = ord(character)
    return UNSPACED if any(low <= code <= high for low, high in UNSPACED_RANGES) else WORD


def kinds(codes: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """Return the kind of each code point: ``(n,)``, uint8; see `kind_of`."""
    table = _table()
    found = table[codes]
    if (found == _UNKNOWN).any():
        # Filled as met: a table of all of Unicode would cost a third of a second at the start.
        for code in np.unique(codes[found == _UNKNOWN]):
            table[code] = kind_of(chr(code))
        found = table[codes]
    return found


def _grams(run: str) -> list[str]:
    return [run[i : i + n] for n in (1, 2, 3) for i in range(len(run) - n + 1)]


@lru_cache(maxsize=1)
def _table() -> NDArray[np.uint8]:
    return np.full(_N_CODE_POINTS, _UNKNOWN, dtype=np.uint8)


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    marks = "".join(
        chr(code)
        for code in range(0x300, 0x20000)
        if unicodedata.category(chr(code)).startswith("M")
    )
    alone = "".join(f"{chr(low)}-{chr(high)}" for low, high in UNSPACED_RANGES)
    return re.compile(f"(?:(?![{alone}])[\\w{marks}])+|[{alone}](?<=[\\w{marks}])")
