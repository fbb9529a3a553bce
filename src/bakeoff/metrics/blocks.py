"""Weighted sums by class, and totals a block of resamples at a time, so that memory is bounded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

CELLS = 2**18
"""Weights looked at together: 2 MiB, which the cache of one core holds."""


def in_blocks(
    total: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    n_rows: int,
    weights: NDArray[np.float64] | None,
    *,
    cells: int = CELLS,
) -> NDArray[np.float64]:
    """Return ``total`` of each resample.

    Args:
        total: ``(b, n_rows)`` weights -> ``(b,)``.
        n_rows: Rows of the statistics.
        weights: ``(b, n_rows)``, or None for every example once.
        cells: Weights handed to ``total`` at once, at most (a resample is never cut).

    Returns:
        ``(b,)``, float64; NaN everywhere if there is no row.
    """
    if weights is None:
        weights = np.ones((1, n_rows))
    if n_rows == 0:
        return np.full(len(weights), np.nan)
    size = max(1, cells // n_rows)
    with np.errstate(invalid="ignore", divide="ignore"):
        parts = [total(weights[i : i + size]) for i in range(0, len(weights), size)]
    return np.concatenate(parts) if parts else np.empty(0)


def sums_by_code(
    codes: NDArray[np.int64],
    n_codes: int,
    weights: NDArray[np.float64],
    values: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Return the weighted sum of ``values`` (default: ones) over the rows of each code.

    Args:
        codes: ``(n,)``, int64; rows with a negative code are left out.
        n_codes: One more than the largest code, or larger.
        weights: ``(b, n)``, float64.
        values: ``(n,)``, float64.

    Returns:
        ``(b, n_codes)``, float64.
    """
    sums = np.zeros((len(weights), n_codes))
    order = np.argsort(codes, kind="stable")
    order = order[np.searchsorted(codes[order], 0) :]
    if len(order) == 0:
        return sums
    present, starts = np.unique(codes[order], return_index=True)
    by_code = weights[:, order]
    if values is not None:
        by_code *= values[order]
    # Sorting and adding runs costs the same for 2 and for 1,000 classes; a product with one-hot
    # columns grows with the classes, in time and in memory.
    sums[:, present] = np.add.reduceat(by_code, starts, axis=1)
    return sums
