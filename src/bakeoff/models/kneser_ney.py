"""Interpolated modified Kneser-Ney language models, one for each class, scored side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

_BASE = np.uint64(0x9E3779B97F4A7C15)
_CELLS_AT_A_TIME = 4_000_000


@dataclass(frozen=True, slots=True)
class Sequences:
    """Sequences of symbols, one behind the other.

    Args:
        symbols: ``(m,)``, int64, in ``[0, n_symbols)``.
        rows: ``(m,)``, int64, not falling: the sequence of each symbol; empty ones may be absent.
        n_rows: Number of sequences.
    """

    symbols: NDArray[np.int64]
    rows: NDArray[np.int64]
    n_rows: int


@dataclass(frozen=True, slots=True)
class OrderTable:
    """What n-grams of one order add, for each class.

    Args:
        grams: ``(g,)``, uint64, rising: hashes of the n-grams.
        gains: ``(g + 1, n_classes)``, CSR: discounted relative frequency; the last row is empty.
        contexts: ``(c,)``, uint64, rising: hashes of their contexts.
        backoffs: ``(c + 1, n_classes)``, CSR: the weight of the lower order, less 1 (so that a
            context that a class has never seen hands everything down); the last row is empty.
    """

    grams: NDArray[np.uint64]
    gains: sp.csr_matrix
    contexts: NDArray[np.uint64]
    backoffs: sp.csr_matrix


@dataclass(frozen=True, slots=True)
class KneserNey:
    """Language models of all classes.

    Chen and Goodman 1998, 'An Empirical Study of Smoothing Techniques for Language Modeling':
    interpolated, three discounts for each order and class. Lower orders count in how many
    different contexts an n-gram ends. The lowest falls back on equal shares of all symbols.

    Args:
        tables: One for each order, from 1.
        n_symbols: Symbols that can be predicted, the end of a sequence not counted.
        n_classes: Number of classes.
        ends: Whether the end of a sequence is predicted too.
    """

    tables: tuple[OrderTable, ...]
    n_symbols: int
    n_classes: int
    ends: bool = True

    @classmethod
    def fit(  # noqa: PLR0913 - what the counts are of, and how they are smoothed
        cls,
        sequences: Sequences,
        codes: NDArray[np.integer],
        *,
        order: int,
        n_symbols: int,
        n_classes: int,
        ends: bool = True,
        discounts: Sequence[tuple[float, float, float]] | None = None,
    ) -> KneserNey:
        """Count the n-grams of each class.

        Args:
            sequences: To learn from.
            codes: ``(n_rows,)``: the class of each sequence.
            order: Longest n-gram.
            n_symbols: Symbols that can be predicted.
            n_classes: Number of classes.
            ends: Whether the end of a sequence is predicted too.
            discounts: For each order from 1: what is taken off counts of 1, 2 and more; three times
                the same is the interpolated smoothing with one discount. None: estimated from the
                counts of counts.
        """
        padded, at, rows = _pad(sequences, order, n_symbols, ends=ends)
        hashes = _hashes(padded, order)
        classes = codes[rows].astype(np.int64)
        tables: list[OrderTable] = []
        types, counts = _count(hashes[order][at], classes)
        for length in range(order, 0, -1):
            last = at[types]
            tables.append(
                _table(
                    hashes[length][last],
                    hashes[length - 1][last - 1],
                    classes[types],
                    counts,
                    n_classes,
                    None if discounts is None else discounts[length - 1],
                )
            )
            if length > 1:
                # Each distinct n-gram counts once for the n-gram without its first symbol.
                shorter, counts = _count(hashes[length - 1][last], classes[types])
                types = types[shorter]
        return cls(tuple(reversed(tables)), n_symbols, n_classes, ends)

    def log_likelihoods(self, sequences: Sequences) -> NDArray[np.float64]:
        """Return the log probability of each sequence (its end included, if `ends`), by class.

        Returns:
            ``(n_rows, n_classes)``, float64, in nats.
        """
        order = len(self.tables)
        padded, at, rows = _pad(sequences, order, self.n_symbols, ends=self.ends)
        hashes = _hashes(padded, order)
        found = np.zeros((sequences.n_rows, self.n_classes))
        step = max(1, _CELLS_AT_A_TIME // max(self.n_classes, 1))
        for start in range(0, len(at), step):
            part = slice(start, start + step)
            logs = np.log(self._probabilities(hashes, at[part]))
            # Rows stand in order, so that each is one run; sums do not hang on the company.
            firsts = np.flatnonzero(np.diff(rows[part], prepend=-1))
            found[rows[part][firsts]] += np.add.reduceat(logs, firsts, axis=0)
        return found

    def next_probabilities(self, history: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the probability of each symbol, and last of the end (if `ends`).

        Args:
            history: ``(m,)``, int64: what stands before, from the sequence's beginning.

        Returns:
            ``(n_symbols + 1 or n_symbols, n_classes)``, float64, columns sum to 1.
        """
        order = len(self.tables)
        n = self.n_symbols + self.ends
        history = history[max(0, len(history) - order + 1) :]
        start = np.full((n, order - 1), _start_symbol(self.n_symbols), dtype=np.int64)
        told = np.broadcast_to(history, (n, len(history)))
        padded = np.concatenate([start, told, np.arange(n)[:, None]], axis=1)
        ends = np.arange(1, n + 1) * padded.shape[1] - 1
        return self._probabilities(_hashes(padded.ravel(), order), ends)

    def _probabilities(
        self, hashes: list[NDArray[np.uint64]], at: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Return the probability of the symbol at each position: ``(len(at), n_classes)``."""
        found = np.full((len(at), self.n_classes), 1 / (self.n_symbols + self.ends))
        for length, table in enumerate(self.tables, start=1):
            contexts = _find(table.contexts, hashes[length - 1][at - 1])
            grams = _find(table.grams, hashes[length][at])
            found *= 1 + table.backoffs[contexts].toarray()
            found += table.gains[grams].toarray()
        return found

    def arrays(self, prefix: str) -> dict[str, NDArray[np.generic]]:
        """Return the state as named arrays."""
        sizes = np.asarray([len(self.tables), self.n_symbols, self.n_classes, int(self.ends)])
        found: dict[str, NDArray[np.generic]] = {f"{prefix}.sizes": sizes}
        for position, table in enumerate(self.tables):
            at = f"{prefix}.{position}"
            found |= {f"{at}.grams": table.grams, f"{at}.contexts": table.contexts}
            for name, matrix in (("gains", table.gains), ("backoffs", table.backoffs)):
                found |= {
                    f"{at}.{name}.data": matrix.data,
                    f"{at}.{name}.indices": matrix.indices,
                    f"{at}.{name}.indptr": matrix.indptr,
                }
        return found

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, NDArray[np.generic]], prefix: str) -> KneserNey:
        """Return the models whose state `arrays` gave."""
        order, n_symbols, n_classes, ends = (int(size) for size in arrays[f"{prefix}.sizes"])

        def matrix(name: str, n: int) -> sp.csr_matrix:
            data = np.asarray(arrays[f"{name}.data"], dtype=np.float64)
            indices = np.asarray(arrays[f"{name}.indices"], dtype=np.int32)
            indptr = np.asarray(arrays[f"{name}.indptr"], dtype=np.int32)
            return sp.csr_matrix((data, indices, indptr), shape=(n + 1, n_classes))

        tables = []
        for position in range(order):
            at = f"{prefix}.{position}"
            grams = np.asarray(arrays[f"{at}.grams"], dtype=np.uint64)
            contexts = np.asarray(arrays[f"{at}.contexts"], dtype=np.uint64)
            gains = matrix(f"{at}.gains", len(grams))
            backoffs = matrix(f"{at}.backoffs", len(contexts))
            tables.append(OrderTable(grams, gains, contexts, backoffs))
        return cls(tuple(tables), n_symbols, n_classes, bool(ends))


def _start_symbol(n_symbols: int) -> int:
    return n_symbols + 1


def _pad(
    sequences: Sequences, order: int, n_symbols: int, *, ends: bool
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Put ``order - 1`` start symbols before each sequence and, if ``ends``, an end behind it.

    Returns:
        The symbols; the positions that are predicted; the sequence of each of these.
    """
    lengths = np.bincount(sequences.rows, minlength=sequences.n_rows)
    predicted = np.repeat(np.arange(sequences.n_rows), lengths + ends)
    at = np.arange(len(predicted)) + (order - 1) * (predicted + 1)
    padded = np.full(len(at) + (order - 1) * sequences.n_rows, _start_symbol(n_symbols))
    is_end = np.zeros(len(at), dtype=np.bool_)
    if ends:
        is_end[np.cumsum(lengths + 1) - 1] = True
    padded[at[is_end]] = n_symbols
    padded[at[~is_end]] = sequences.symbols
    return padded.astype(np.int64), at, predicted


def _hashes(padded: NDArray[np.int64], order: int) -> list[NDArray[np.uint64]]:
    """Return, for each length from 0, the hash of the n-gram that ends at each position."""
    symbols = _mix(padded.astype(np.uint64) + _BASE)
    found = [np.zeros(len(padded), dtype=np.uint64)]
    for length in range(1, order + 1):
        longer = found[-1] * _BASE
        longer[length - 1 :] += symbols[: len(symbols) - length + 1]
        found.append(_mix(longer + np.uint64(length)))
    return found


def _mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return scrambled values (the finaliser of SplitMix64; Steele, Lea and Flood 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _count(
    hashes: NDArray[np.uint64], classes: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where each distinct (n-gram, class) stands first, and how often it stands."""
    keys = _mix(hashes + _mix(classes.astype(np.uint64) + np.uint64(1)))
    _, first, counts = np.unique(keys, return_index=True, return_counts=True)
    return first, counts


def _table(
    grams: NDArray[np.uint64],
    contexts: NDArray[np.uint64],
    classes: NDArray[np.int64],
    counts: NDArray[np.int64],
    n_classes: int,
    given: tuple[float, float, float] | None,
) -> OrderTable:
    """Return the table of one order from its distinct n-grams, each with class and count."""
    by_class = (
        _discounts(counts, classes, n_classes) if given is None else np.tile(given, (n_classes, 1))
    )
    discounts = by_class[classes, np.minimum(counts, 3) - 1]
    gram_rows, gram_of = np.unique(grams, return_inverse=True)
    context_rows, context_of = np.unique(contexts, return_inverse=True)
    shape = (len(context_rows) + 1, n_classes)
    totals = sp.coo_matrix((counts, (context_of, classes)), shape=shape).tocsr()
    left = sp.coo_matrix((discounts, (context_of, classes)), shape=shape).tocsr()
    backoffs = left.astype(np.float64)
    # Both have the same pattern: every pair of context and class that was seen.
    backoffs.data = left.data / totals.data - 1
    _, pair = np.unique(context_of * n_classes + classes, return_inverse=True)
    total = np.bincount(pair, counts)[pair]
    gains = sp.coo_matrix(
        ((counts - discounts) / total, (gram_of, classes)), shape=(len(gram_rows) + 1, n_classes)
    ).tocsr()
    return OrderTable(gram_rows, gains, context_rows, backoffs)


def _discounts(
    counts: NDArray[np.int64], classes: NDArray[np.int64], n_classes: int
) -> NDArray[np.float64]:
    """Return what is taken off counts of 1, 2 and more: ``(n_classes, 3)``, float64.

    Where the counts of counts give nothing usable (tiny texts), one discount serves all.
    """
    found = np.empty((n_classes, 3))
    of = np.stack(
        [np.bincount(classes[counts == k], minlength=n_classes) for k in (1, 2, 3, 4)], axis=1
    ).astype(np.float64)
    for row, (n1, n2, n3, n4) in enumerate(of):
        single = n1 / (n1 + 2 * n2) if n1 and n2 else 0.5
        found[row] = single
        if n1 and n2 and n3:
            found[row] = [
                1 - 2 * single * n2 / n1,
                2 - 3 * single * n3 / n2,
                3 - 4 * single * n4 / n3,
            ]
    return np.clip(found, 0.05, [0.95, 1.95, 2.95])


def _find(table: NDArray[np.uint64], wanted: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return the position of each hash, or the length of the table where it is not there."""
    found = np.searchsorted(table, wanted)
    inside = found < len(table)
    inside[inside] = table[found[inside]] == wanted[inside]
    return np.where(inside, found, len(table))
