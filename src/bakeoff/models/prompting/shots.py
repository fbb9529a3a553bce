"""Which training rows are shown as examples: positions from arrays alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bakeoff.core.seeds import generator

if TYPE_CHECKING:
    from numpy.typing import NDArray


def random_shots(n_rows: int, n_shots: int, seed: int) -> NDArray[np.int64]:
    """Return ``(min(n_shots, n_rows),)`` different positions, int64, in random order."""
    order = generator(seed, "shots", "random").permutation(n_rows)
    return order[:n_shots].astype(np.int64)


def stratified_shots(codes: NDArray[np.int32], per_class: int, seed: int) -> NDArray[np.int64]:
    """Return up to ``per_class`` positions of every class that has rows.

    Classes take turns in an order drawn anew for each turn, so that the last example is not
    always of the same class: models lean to the last answers that they saw (Zhao et al. 2021,
    "Calibrate before use").

    Args:
        codes: ``(n,)``, class codes; rows with -1 are never chosen.
        per_class: Of each class; a smaller class gives all its rows.
        seed: Decides rows and order.

    Returns:
        ``(m,)``, int64 positions in the order of showing.
    """
    rng = generator(seed, "shots", "stratified")
    classes = np.unique(codes[codes >= 0])
    drawn = [rng.permutation(np.flatnonzero(codes == code))[:per_class] for code in classes]
    shown = [
        rows[turn]
        for turn in range(per_class)
        for rows in (drawn[place] for place in rng.permutation(len(drawn)))
        if turn < len(rows)
    ]
    return np.asarray(shown, dtype=np.int64)


def spread_shots(values: NDArray[np.float64], n_shots: int, seed: int) -> NDArray[np.int64]:
    """Return one position from each of ``n_shots`` equal parts of the sorted numbers.

    Args:
        values: ``(n,)``, float64; rows with NaN are never chosen.
        n_shots: How many, at most ``n``.
        seed: Decides rows and order.

    Returns:
        ``(min(n_shots, n),)``, int64 positions in random order.
    """
    rng = generator(seed, "shots", "spread")
    known = np.flatnonzero(np.isfinite(values))
    order = known[np.argsort(values[known], kind="stable")]
    parts = np.array_split(order, n_shots) if n_shots else []
    return rng.permutation([rng.choice(part) for part in parts if len(part)]).astype(np.int64)


def nearest_shots(
    near: NDArray[np.float32], n_shots: int, barred: NDArray[np.bool_] | None = None
) -> list[NDArray[np.int64]]:
    """Return the training rows nearest to each asked row, the nearest last.

    The nearest stands next to the question, where it weighs most. With shots of its own for each
    row only the system text is shared between rows: a cached prefix saves little here.

    Args:
        near: ``(m, n)``, how near each of ``n`` training rows is to each of ``m`` asked rows.
        n_shots: How many for each row.
        barred: ``(m, n)``: training rows that must not be shown to an asked row, because they are
            that row.

    Returns:
        For each asked row up to ``n_shots`` positions, int64; equally near rows in the order of
        training rows, the first counting as nearer.
    """
    if barred is None:
        barred = np.zeros(near.shape, dtype=np.bool_)
    order = np.argsort(np.where(barred, np.inf, -near), axis=1, kind="stable")
    allowed = np.minimum((~barred).sum(axis=1), n_shots)
    return [row[:count][::-1].astype(np.int64) for row, count in zip(order, allowed, strict=True)]


def cosines(asked: NDArray[np.float32], train: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the cosine of each asked row's vector with each training row's: ``(m, n)``.

    Args:
        asked: ``(m, d)``.
        train: ``(n, d)``; a zero vector is near to none.
    """
    return np.asarray(_units(asked) @ _units(train).T, dtype=np.float32)


def _units(vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: NDArray[np.float64] = vectors.astype(np.float64) / np.where(lengths > 0, lengths, 1.0)
    return scaled
