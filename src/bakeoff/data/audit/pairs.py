"""Pairs of rows that share a key, in pieces that fit into memory, and the clusters they form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_PAIRS_AT_ONCE = 2_000_000
MOST_PAIRS = 500_000_000
"""A search ends after so many candidates. Only data made from one template come here, and by then
each row has been compared with its nearest neighbours in size, so that clusters have formed."""


def pairs_sharing_a_key(
    keys: NDArray[np.int64], rows: NDArray[np.int64], sizes: NDArray[np.int64], ratio: float
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Yield pairs of rows that share a key and are of similar size.

    Args:
        keys: ``(m,)``, int64.
        rows: ``(m,)``, int64: the row that has the key; a row may have several keys, so that a
            pair may come more than once.
        sizes: ``(n_rows,)``, int64.
        ratio: The smaller of two sizes is at least this share of the larger one.

    Yields:
        Two arrays ``(p,)``, int64: first and second rows of ``p`` pairs.
    """
    order = np.lexsort((sizes[rows], keys))
    key, row = keys[order], rows[order]
    size = sizes[row]
    first = np.arange(len(key))
    step = made = 0
    waiting: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = []
    n_waiting = 0
    while len(first) and made < MOST_PAIRS:
        step += 1
        first = first[first + step < len(key)]
        second = first + step
        # Sizes rise within a key: once a partner is too large, all later ones are.
        first = first[(key[first] == key[second]) & (size[first] >= ratio * size[second])]
        waiting.append((row[first], row[first + step]))
        n_waiting += len(first)
        made += len(first)
        if n_waiting >= _PAIRS_AT_ONCE:
            yield _joined(waiting)
            waiting, n_waiting = [], 0
    if n_waiting:
        yield _joined(waiting)


def _joined(
    pairs: list[tuple[NDArray[np.int64], NDArray[np.int64]]],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    return np.concatenate([a for a, _ in pairs]), np.concatenate([b for _, b in pairs])


def merge(
    labels: NDArray[np.int64], first: NDArray[np.int64], second: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return cluster numbers after the clusters of each pair have become one.

    Args:
        labels: ``(n,)``, int64: number of each row's cluster.
        first: ``(p,)``, int64: a row of each pair.
        second: ``(p,)``, int64: the other row.
    """
    if len(first) == 0:
        return labels
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n = int(labels.max()) + 1
    ones = np.ones(len(first), dtype=np.int8)
    graph = coo_array((ones, (labels[first], labels[second])), shape=(n, n))
    component = connected_components(graph, directed=False)[1]
    return np.asarray(component, dtype=np.int64)[labels]


def combine(codes: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Return one code for each combination of codes: ``(n,)``, int64, from 0."""
    combined = codes[0]
    for other in codes[1:]:
        _, combined = np.unique(
            combined * (int(other.max(initial=0)) + 1) + other, return_inverse=True
        )
    return np.asarray(combined, dtype=np.int64).reshape(-1)
