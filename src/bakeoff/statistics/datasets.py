"""Contenders over several data sets: Friedman's test, then pairwise Wilcoxon tests with Holm."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.core.errors import UsageError
from bakeoff.statistics.multiplicity import holm

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEWEST = 6


@dataclass(frozen=True, slots=True)
class PairOverDatasets:
    """Two contenders, by position, and the p of Wilcoxon's signed-rank test over data sets."""

    first: int
    second: int
    median_difference: float
    p: float
    p_adjusted: float


@dataclass(frozen=True, slots=True)
class OverDatasets:
    """What several data sets say.

    Args:
        average_ranks: One a contender; 1 is best.
        friedman_p: That all are the same; None for two contenders.
        pairs: All pairs; their p are adjusted by Holm over all of them.
    """

    average_ranks: tuple[float, ...]
    friedman_p: float | None
    pairs: tuple[PairOverDatasets, ...]


def over_datasets(scores: NDArray[np.float64]) -> OverDatasets:
    """Compare contenders over data sets (Demsar, JMLR 7, 2006; Benavoli et al., JMLR 17, 2016).

    No mean-rank test is used: its verdict on two contenders depends on who else ran.

    Args:
        scores: ``(datasets, contenders)``, float64, oriented: larger is better.

    Raises:
        UsageError: There are fewer than six data sets, or fewer than two contenders.
    """
    from scipy.stats import friedmanchisquare, rankdata, wilcoxon

    n_datasets, n_contenders = scores.shape
    if n_datasets < FEWEST or n_contenders < 2:
        raise UsageError(
            f"{n_datasets} data sets and {n_contenders} contenders cannot be tested",
            why=f"at least {FEWEST} data sets and 2 contenders are needed",
            fix="report each data set by itself",
        )
    ranks = rankdata(-scores, axis=1).mean(axis=0)
    friedman = None
    if n_contenders > 2:
        same = (scores == scores[:, :1]).all()
        friedman = 1.0 if same else float(friedmanchisquare(*scores.T).pvalue)
    pairs = list(combinations(range(n_contenders), 2))
    differences = [scores[:, i] - scores[:, j] for i, j in pairs]
    p = np.array([float(wilcoxon(d).pvalue) if d.any() else 1.0 for d in differences])
    rows = zip(pairs, differences, p, holm(p), strict=True)
    return OverDatasets(
        tuple(float(rank) for rank in ranks),
        friedman,
        tuple(
            PairOverDatasets(i, j, float(np.median(d)), float(raw), float(adjusted))
            for (i, j), d, raw, adjusted in rows
        ),
    )
