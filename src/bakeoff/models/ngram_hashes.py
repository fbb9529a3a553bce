"""All n-grams of many texts at once, as 64-bit hashes: numpy over code points, no loop over texts.

Characters: runs of ``orders`` characters inside one word with the space before and after it, as
scikit-learn's ``char_wb`` does it, but over the text with its white space folded. Words: runs of
tokens (see `text_tokens`). The hash of a piece of text is a polynomial over its mixed code points,
modulo 2**64, so that the hash of any piece follows from sums over prefixes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.models.text_tokens import SPACE, UNSPACED, WORD, kinds, normalise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_BASE = np.uint64(0x9E3779B97F4A7C15)
_INVERSE = np.uint64(pow(0x9E3779B97F4A7C15, -1, 2**64))
_WORD_SALT = np.uint64(0xD6E8FEB86659FD93)


@dataclass(frozen=True, slots=True)
class Grams:
    """N-grams of a batch of texts, in no particular order.

    Args:
        rows: ``(m,)``, int32: the text in which each n-gram stands.
        hashes: ``(m,)``, uint64.
    """

    rows: NDArray[np.int32]
    hashes: NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class CodePoints:
    """Texts as one row of code points, with one space before, between and after them.

    Args:
        mixed: ``(c,)``, uint64: code points, scrambled.
        kinds: ``(c,)``, uint8.
        rows: ``(c,)``, int32: the text of each character; a space between belongs to the former.
    """

    mixed: NDArray[np.uint64]
    kinds: NDArray[np.uint8]
    rows: NDArray[np.int32]


def read(texts: Sequence[str]) -> CodePoints:
    """Return the texts, normalised and with white space folded, as code points."""
    folded = [" ".join(normalise(text).split()) for text in texts]
    joined = " " + " ".join(folded) + " "
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    lengths = np.fromiter((len(text) + 1 for text in folded), dtype=np.int64, count=len(folded))
    rows = np.repeat(np.arange(len(folded), dtype=np.int32), lengths)
    rows = np.concatenate([np.zeros(1, dtype=np.int32), rows])[: len(codes)]
    return CodePoints(_mix(codes.astype(np.uint64) + _BASE), kinds(codes), rows)


def character_grams(points: CodePoints, orders: tuple[int, int]) -> list[Grams]:
    """Return the character n-grams of lengths ``orders[0]`` to ``orders[1]``, both included."""
    n = len(points.mixed)
    is_space = points.kinds == SPACE
    hashes = points.mixed.copy()
    whole = np.ones(n, dtype=np.bool_)
    found: list[Grams] = []
    for order in range(1, min(orders[1], n) + 1):
        if order > 1:
            hashes = hashes[:-1] * _BASE + points.mixed[order - 1 :]
            # Everything but the two ends must be free of spaces, or it spans two words.
            if order > 2:
                whole = whole[:-1] & ~is_space[order - 2 : n - 1]
            else:
                whole = ~(is_space[:-1] & is_space[1:])
        if order < orders[0]:
            continue
        kept = np.flatnonzero(whole & ~is_space) if order == 1 else np.flatnonzero(whole)
        # A space in front belongs to the text of the character after it.
        owner = points.rows[kept + is_space[kept]]
        found.append(Grams(owner, _mix(hashes[kept] + np.uint64(order))))
    return found


def word_grams(points: CodePoints, longest: int, longest_unspaced: int) -> list[Grams]:
    """Return the word n-grams of lengths 1 to ``longest``.

    Args:
        points: The texts.
        longest: Longest run of words.
        longest_unspaced: Longest run of words where all of them are single characters of scripts
            without spaces.
    """
    starts, ends, alone = _token_bounds(points.kinds)
    powers = np.multiply.accumulate(np.full(len(points.mixed), _BASE, dtype=np.uint64))
    inverses = np.multiply.accumulate(np.full(len(points.mixed), _INVERSE, dtype=np.uint64))
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(points.mixed * powers)])
    tokens = _mix((sums[ends] - sums[starts]) * inverses[starts] + _WORD_SALT)
    rows = points.rows[starts]
    hashes = tokens
    valid = np.ones(len(tokens), dtype=np.bool_)
    all_alone = alone
    found = [Grams(rows, tokens)]
    for order in range(2, max(longest, longest_unspaced) + 1):
        if len(hashes) < 2:
            break
        hashes = _mix(hashes[:-1] * _BASE + tokens[order - 1 :])
        valid = rows[: len(hashes)] == rows[order - 1 :]
        all_alone = all_alone[:-1] & alone[order - 1 :]
        if order > longest:
            valid = valid & all_alone
        if order > longest_unspaced:
            valid = valid & ~all_alone
        found.append(Grams(rows[: len(hashes)][valid], hashes[valid]))
    return found


def _token_bounds(
    kind: NDArray[np.uint8],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Return where each token starts and ends (exclusive), and whether it is unspaced."""
    in_word = kind == WORD
    alone = kind == UNSPACED
    before = np.concatenate([[False], in_word[:-1]])
    after = np.concatenate([in_word[1:], [False]])
    starts = np.flatnonzero((in_word & ~before) | alone)
    ends = np.flatnonzero((in_word & ~after) | alone) + 1
    return starts, ends, alone[starts]


def _mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return scrambled values (the finaliser of SplitMix64; Steele, Lea and Flood 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
