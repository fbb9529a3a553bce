"""The evidence: every contender's statistics over the same rows, made ready for resampling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.metrics.base import MeanMetric
from bakeoff.statistics.resampling import Units

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from bakeoff.metrics.base import Metric

SEEDS_TO_RESAMPLE = 5
"""With fewer seeds their spread cannot be told, so they are averaged: "rows only"."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is compared.

    Args:
        metric: The primary metric.
        statistics: contender -> ``(seeds, n, k)``, float64, from `Metric.statistics`, over the same
            ``n`` rows for all; one seed for single runs.
        groups: ``(n,)``, any values: rows of one group are resampled together; None: each row.

    Raises:
        ValueError: The contenders do not share their rows, or no row has a number for all.
    """

    metric: Metric
    statistics: Mapping[str, NDArray[np.float64]]
    groups: NDArray[np.generic] | None = None

    def __post_init__(self) -> None:
        shapes = {name: array.shape[1:] for name, array in self.statistics.items()}
        if len(set(shapes.values())) != 1:
            raise ValueError(f"the contenders' statistics do not share rows and columns: {shapes}")


@dataclass(frozen=True, slots=True)
class Prepared:
    """Evidence on the rows that all contenders answered.

    Args:
        metric: The primary metric.
        names: The contenders, in the order of all arrays made from this.
        statistics: One ``(seeds or 1, n, k)`` array a contender; a mean over few seeds is taken
            here, once.
        seeds: Seeds of each contender.
        units: What is drawn: rows or groups.
        alone: Rows are independent and each contender ran once.
    """

    metric: Metric
    names: tuple[str, ...]
    statistics: tuple[NDArray[np.float64], ...]
    seeds: tuple[int, ...]
    units: Units
    alone: bool

    @property
    def n(self) -> int:
        """Number of rows."""
        return int(self.statistics[0].shape[1])

    @property
    def sign(self) -> float:
        """1 where larger is better, else -1; oriented values are the metric times this."""
        return 1.0 if self.metric.higher_is_better else -1.0

    def totals(self, index: int, weights: NDArray[np.float64] | None) -> NDArray[np.float64]:
        """Return the oriented metric of contender ``index`` for each of its seeds: ``(seeds, b)``.

        Args:
            index: Position in ``names``.
            weights: ``(b, n)``, float64, or None for every row once.
        """
        seeds = [self.metric.total(one_seed, weights) for one_seed in self.statistics[index]]
        return self.sign * np.stack(seeds)

    def crossed(self, index: int) -> bool:
        """Whether the seeds of contender ``index`` are resampled too."""
        return self.seeds[index] >= SEEDS_TO_RESAMPLE


def prepare(evidence: Evidence) -> Prepared:
    """Return the evidence on the rows that all answered.

    Raises:
        ValueError: No row has a number for every contender.
    """
    arrays = {
        name: np.asarray(array, dtype=np.float64) for name, array in evidence.statistics.items()
    }
    keep = np.all([~np.isnan(array).any(axis=(0, 2)) for array in arrays.values()], axis=0)
    if not keep.any():
        empty = [name for name, array in arrays.items() if np.isnan(array).any(axis=(0, 2)).all()]
        raise ValueError(f"no row has a {evidence.metric.name} for all; none at all: {empty}")
    groups = None if evidence.groups is None else np.asarray(evidence.groups)[keep]
    seeds = tuple(len(array) for array in arrays.values())
    kept = tuple(array[:, keep] for array in arrays.values())
    if is_mean(evidence.metric):
        kept = tuple(
            array if len(array) >= SEEDS_TO_RESAMPLE else array.mean(axis=0, keepdims=True)
            for array in kept
        )
    units = Units.of_rows(int(keep.sum()), groups)
    return Prepared(
        evidence.metric, tuple(arrays), kept, seeds, units, groups is None and max(seeds) == 1
    )


def is_mean(metric: Metric) -> bool:
    """Return whether the total is the plain mean of one number a row."""
    return type(metric).total is MeanMetric.total
