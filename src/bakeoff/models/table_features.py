"""Number, date and category columns as arrays for trees and for linear models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_CYCLES_DAYS = (365.2425, 7.0, 1.0)
_LARGEST = 1e100
"""Squares of larger numbers overflow."""
_OUTLIER = 5.0
_MOST_CATEGORIES = 10_000


@dataclass(frozen=True, slots=True)
class CategoryCodes:
    """The values of one category column, most frequent first; others have no code.

    Args:
        values: Known values; a value's position is its code.
    """

    values: tuple[str, ...]

    @classmethod
    def fit(cls, column: Sequence[str | None]) -> CategoryCodes:
        """Learn the values that occur, at most 10,000."""
        counts: dict[str, int] = {}
        for value in column:
            if value is not None:
                counts[value] = counts.get(value, 0) + 1
        ranked = sorted(counts, key=lambda value: (-counts[value], value))
        return cls(tuple(ranked[:_MOST_CATEGORIES]))

    def codes(self, column: Sequence[str | None]) -> NDArray[np.int64]:
        """Return ``(n,)``, int64; -1 where the value is missing or was never seen."""
        table = {value: code for code, value in enumerate(self.values)}
        found = [-1 if value is None else table.get(value, -1) for value in column]
        return np.asarray(found, dtype=np.int64)

    def one_hot(self, column: Sequence[str | None]) -> sp.csr_matrix:
        """Return ``(n, n_values)``, CSR, float32; a row of zeros where there is no code."""
        codes = self.codes(column)
        rows = np.flatnonzero(codes >= 0)
        ones = np.ones(len(rows), dtype=np.float32)
        return sp.csr_matrix((ones, (rows, codes[rows])), shape=(len(codes), len(self.values)))


def date_parts(days: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ``(n, 7)``, float64: days since 1970; year, week and day as points on circles.

    Args:
        days: ``(n,)``, float64, days since 1970, NaN where missing.
    """
    turns = [2 * np.pi * days / length for length in _CYCLES_DAYS]
    circles = [turn(angle) for angle in turns for turn in (np.sin, np.cos)]
    return np.stack([days, *circles], axis=1)


@dataclass(frozen=True, slots=True)
class NumberScales:
    """Standardised numbers with a flag where one is missing.

    Args:
        centres: ``(f,)``, float64: medians.
        scales: ``(f,)``, float64: standard deviations, infinite for constants.
    """

    centres: NDArray[np.float64]
    scales: NDArray[np.float64]

    @classmethod
    def fit(cls, numbers: NDArray[np.float64]) -> NumberScales:
        """Learn from ``(n, f)``, float64, NaN where missing."""
        centres, scales = [], []
        for column in numbers.T:
            known = np.clip(column[np.isfinite(column)], -_LARGEST, _LARGEST)
            spread = known.std() if len(known) else 0.0
            centres.append(np.median(known) if len(known) else 0.0)
            scales.append(
                spread if spread > 1e-9 * max(1e-9, np.abs(known).max(initial=0)) else np.inf
            )
        return cls(np.asarray(centres, dtype=np.float64), np.asarray(scales, dtype=np.float64))

    def transform(self, numbers: NDArray[np.float64]) -> NDArray[np.float32]:
        """Return ``(n, 3 * f)``, float32: each number scaled, its root, and whether it is missing.

        The signed root of the scaled number lets a linear model follow long tails; both are held
        within bounds, so that one absurd value cannot decide a prediction.
        """
        missing = ~np.isfinite(numbers)
        present = np.clip(np.where(missing, self.centres, numbers), -_LARGEST, _LARGEST)
        scaled = (present - self.centres) / self.scales
        root = np.sign(scaled) * np.sqrt(np.abs(scaled))
        parts = [np.clip(scaled, -_OUTLIER, _OUTLIER), np.clip(root, -_OUTLIER, _OUTLIER), missing]
        return np.concatenate(parts, axis=1).astype(np.float32)
