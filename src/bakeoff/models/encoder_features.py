"""Vectors of several columns as the features of a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def joined_features(columns: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Return the features of rows whose columns were encoded one by one.

    Two columns may be a pair, so how alike they are is told beside what they are:
    ``[u, v, |u - v|, u * v, cosine]`` (Conneau et al. 2017, 'Supervised Learning of Universal
    Sentence Representations', joined with the cosine). Of more columns, the vectors alone.

    Args:
        columns: For each column ``(n, width)``, float32.

    Returns:
        ``(n, n_features)``, float32.
    """
    if len(columns) != 2:
        return np.concatenate(columns, axis=1)
    u, v = (unit_vectors(vectors) for vectors in columns)
    cosine = (u * v).sum(axis=1, keepdims=True)
    return np.concatenate([u, v, np.abs(u - v), u * v, cosine], axis=1)


def unit_vectors(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the rows brought to length 1, rows of zeros as they are: ``(n, width)``, float32."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), dtype=np.float32)
