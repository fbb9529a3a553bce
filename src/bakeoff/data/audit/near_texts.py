"""Texts that are nearly the same: Jaccard of their character 5-grams at least 0.9.

Case and white space are folded first. The search is not probabilistic: two sets can only be that
similar if the rarest tenths of both share a 5-gram (prefix filtering: Bayardo, Ma and Srikant,
"Scaling up all pairs similarity search", WWW 2007) and few parity bits of their sketches differ,
so only such pairs are compared. 5-grams are known by hashes of 35 bits. Collections beyond 20
million characters are searched by a fixed sample of their 5-grams, and the pairs found are
compared in full.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.core.errors import DataError
from bakeoff.data.audit.pairs import merge, pairs_sharing_a_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

WIDTH = 5
"""Characters of a shingle."""
THRESHOLD = 0.9
_SAMPLED_THRESHOLD = 0.8
"""For samples of 5-grams: lower, so that chance does not hide a pair; the full sets decide."""
_MOST_WINDOWS = 20_000_000
_SKETCH_BITS = 256
_ROWS_AT_ONCE = 20_000
_ROW_BITS, _HASH_BITS, _MOST_BUCKET_BITS = 24, 35, 24
_MULTIPLIERS = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93, 1],
    dtype=np.uint64,
)


def fold(text: str) -> str:
    """Return a text with case and white space folded."""
    return " ".join(text.casefold().split())


def near_text_clusters(texts: Sequence[str]) -> NDArray[np.int64]:
    """Return the cluster of each text: ``(n,)``, int64; near-equal texts share a number.

    Clusters are transitive: of three texts, the first and the last may differ by more.
    """
    position_of: dict[str, int] = {}
    folded = np.array([position_of.setdefault(fold(t), len(position_of)) for t in texts], np.int64)
    unique = list(position_of)
    return _clusters(unique)[folded]


def jaccard(first: str, second: str) -> float:
    """Return the Jaccard similarity of the character 5-grams of two folded texts."""
    a = {first[i : i + WIDTH] for i in range(max(len(first) - WIDTH + 1, 1))}
    b = {second[i : i + WIDTH] for i in range(max(len(second) - WIDTH + 1, 1))}
    return len(a & b) / len(a | b)


@dataclass(frozen=True, slots=True)
class _Shingles:
    """Sets of shingles: row by row, in each row the rarest of the collection first.

    Args:
        row: ``(m,)``, int64, sorted.
        token: ``(m,)``, int64, rising within a row; smaller is rarer.
        sizes: ``(n,)``, int64: shingles of each row.
        shared: ``(m,)``, bool: False only if no other row has the token.
        every: Only one shingle in so many was kept.
    """

    row: NDArray[np.int64]
    token: NDArray[np.int64]
    sizes: NDArray[np.int64]
    shared: NDArray[np.bool_]
    every: int


def _clusters(texts: Sequence[str]) -> NDArray[np.int64]:
    """Return the cluster of each of some different folded texts: ``(n,)``, int64."""
    labels = np.arange(len(texts), dtype=np.int64)
    shingles = _shingles(texts)
    if shingles is None:
        return labels
    threshold = THRESHOLD if shingles.every == 1 else _SAMPLED_THRESHOLD
    starts = np.concatenate([[0], np.cumsum(shingles.sizes)])
    place = np.arange(len(shingles.row)) - starts[shingles.row]
    sizes = shingles.sizes
    most_apart = (1 - threshold) / (1 + threshold) + 1e-9
    prefix = sizes - np.ceil((threshold - 1e-9) * sizes).astype(np.int64) + 1
    in_prefix = shingles.shared & (place < prefix[shingles.row])
    overlap, sketches = _Overlap(shingles), _sketches(shingles)
    for first, second in pairs_sharing_a_key(
        shingles.token[in_prefix], shingles.row[in_prefix], sizes, threshold - 1e-9
    ):
        # Rows that are in one cluster already need no comparison: copies by the thousand are cheap.
        apart_yet = labels[first] != labels[second]
        first, second = first[apart_yet], second[apart_yet]
        # Each shingle that only one of two sets has changes one bit of its sketch at the most.
        apart = np.bitwise_count(sketches[first] ^ sketches[second]).sum(axis=1)
        possible = apart <= most_apart * (sizes[first] + sizes[second])
        first, second = first[possible], second[possible]
        common = overlap(first, second)
        similar = common >= (threshold - 1e-9) * (sizes[first] + sizes[second] - common)
        first, second = first[similar], second[similar]
        if shingles.every > 1:
            both = zip(first.tolist(), second.tolist(), strict=True)
            full = [jaccard(texts[a], texts[b]) >= THRESHOLD - 1e-9 for a, b in both]
            keep = np.array(full, dtype=np.bool_)
            first, second = first[keep], second[keep]
        labels = merge(labels, first, second)
    return labels


def _shingles(texts: Sequence[str]) -> _Shingles | None:
    """Return the shingles of all texts, or None if no text is long enough to have one."""
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    letters = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    n_windows = len(letters) - WIDTH + 1
    if n_windows < 1:
        return None
    hashes = np.zeros(n_windows, dtype=np.uint64)
    for place, multiplier in enumerate(_MULTIPLIERS):
        hashes += letters[place : place + n_windows].astype(np.uint64) * multiplier
    hashes ^= hashes >> np.uint64(29)
    hashes *= np.uint64(0xBF58476D1CE4E5B9)
    hashes ^= hashes >> np.uint64(32)
    row = np.repeat(np.arange(len(texts)), lengths)
    every = max(1, math.ceil(n_windows / _MOST_WINDOWS))
    # A window that begins in one text and ends in the next is no shingle.
    keep = row[:n_windows] == row[WIDTH - 1 :]
    if every > 1:
        keep &= hashes % np.uint64(every) == 0
    hashes, row = hashes[keep], row[:n_windows][keep]
    return _sets(hashes, row, len(texts), every) if len(hashes) else None


def _sets(hashes: NDArray[np.uint64], row: NDArray[np.int64], n_rows: int, every: int) -> _Shingles:
    """Return the sets of hashes by row, each in rising order of its token.

    One sort of 64-bit words does it all: a word is the row (24 bits), the logarithm of how common
    the shingle is (5 bits, counted in buckets) and its hash (35 bits).
    """
    if n_rows >= 1 << _ROW_BITS:
        raise DataError(f"{n_rows:,} texts are too many to look for near duplicates")
    # About two buckets a shingle, so that few share one by chance.
    bits = min(len(hashes).bit_length() + 1, _MOST_BUCKET_BITS)
    bucket = (hashes >> np.uint64(64 - bits)).astype(np.int64)
    counts = np.bincount(bucket, minlength=1 << bits)
    commonness = np.log2(np.maximum(counts, 1)).astype(np.uint64)[bucket]
    words = row.astype(np.uint64) << np.uint64(64 - _ROW_BITS)
    words |= commonness << np.uint64(_HASH_BITS)
    words |= hashes & np.uint64((1 << _HASH_BITS) - 1)
    words.sort()
    words = words[np.concatenate([[True], words[1:] != words[:-1]])]
    rows = (words >> np.uint64(64 - _ROW_BITS)).astype(np.int64)
    tokens = (words & np.uint64((1 << (64 - _ROW_BITS)) - 1)).astype(np.int64)
    shared = tokens >= 1 << _HASH_BITS  # its bucket holds two or more
    return _Shingles(rows, tokens, np.bincount(rows, minlength=n_rows), shared, every)


def _sketches(shingles: _Shingles) -> NDArray[np.uint64]:
    """Return 256 parity bits of each set: ``(n, 4)``, uint64."""
    sketches = np.zeros((len(shingles.sizes), _SKETCH_BITS // 64), dtype=np.uint64)
    for low in range(0, len(sketches), _ROWS_AT_ONCE):
        high = min(low + _ROWS_AT_ONCE, len(sketches))
        start, stop = np.searchsorted(shingles.row, [low, high])
        cell = (shingles.row[start:stop] - low) * _SKETCH_BITS
        cell += shingles.token[start:stop] % _SKETCH_BITS
        odd = np.bincount(cell, minlength=(high - low) * _SKETCH_BITS) & 1
        packed = np.packbits(odd.astype(np.uint8).reshape(high - low, _SKETCH_BITS), axis=1)
        sketches[low:high] = packed.view(np.uint64)
    return sketches


class _Overlap:
    """Counts the shingles that two rows share, for many pairs at once."""

    def __init__(self, shingles: _Shingles) -> None:
        from scipy.sparse import csr_array

        row, token = shingles.row[shingles.shared], shingles.token[shingles.shared]
        starts = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(shingles.sizes)))])
        width = int(token.max(initial=0)) + 1
        ones = np.ones(len(token), dtype=np.int32)
        self._matrix = csr_array((ones, token, starts), shape=(len(shingles.sizes), width))

    def __call__(
        self, first: NDArray[np.int64], second: NDArray[np.int64], at_once: int = 100_000
    ) -> NDArray[np.int64]:
        """Return the number of shared shingles of each pair: ``(p,)``, int64."""
        counts = [
            (self._matrix[first[i : i + at_once]] * self._matrix[second[i : i + at_once]]).sum(
                axis=1
            )
            for i in range(0, len(first), at_once)
        ]
        return np.concatenate(counts).astype(np.int64) if counts else np.zeros(0, dtype=np.int64)
