"""Rules that divide rows into parts: units stay whole, parts are alike."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from bakeoff.core.seeds import generator

if TYPE_CHECKING:
    from numpy.typing import NDArray


class SplitRule(ABC):
    """Divides rows into parts of given shares; the protocol uses it for lockbox and folds alike."""

    name: ClassVar[str]

    @abstractmethod
    def assign(
        self,
        targets: NDArray[Any],
        units: NDArray[np.int64],
        shares: tuple[float, ...],
        seed: int,
    ) -> NDArray[np.int64]:
        """Return the part of each row: ``(n,)``, int64 in ``[0, len(shares))``.

        Args:
            targets: ``(n,)``, as contenders learn from them.
            units: ``(n,)``, int64; rows of one unit (a group, duplicates) stay together.
            shares: Size of each part as a share of the rows; they sum to 1.
            seed: The same seed gives the same parts.
        """


def _strata(targets: NDArray[Any], bins: int) -> NDArray[np.int64]:
    """Return a stratum for each row: its class, or its quantile bin for numbers."""
    if np.issubdtype(targets.dtype, np.floating):
        edges = np.quantile(targets, np.linspace(0, 1, bins + 1)[1:-1])
        return np.searchsorted(edges, targets, side="right").astype(np.int64)
    return np.unique(targets, return_inverse=True)[1].astype(np.int64)


@dataclass(frozen=True, slots=True)
class Stratified(SplitRule):
    """Every part gets its share of each class (of each tenth of the range, for numbers).

    Rows that stand alone are dealt class by class; units of several rows are placed first, the
    largest first, each where the classes that it brings are most wanted.
    """

    name: ClassVar[str] = "stratified"
    bins: int = 10

    def assign(
        self,
        targets: NDArray[Any],
        units: NDArray[np.int64],
        shares: tuple[float, ...],
        seed: int,
    ) -> NDArray[np.int64]:
        """Return the part of each row; see `SplitRule.assign`."""
        strata = _strata(targets, self.bins)
        rng = generator(seed, "split", self.name)
        _, unit, size = np.unique(units, return_inverse=True, return_counts=True)
        n_strata = int(strata.max()) + 1
        wanted = np.outer(shares, np.bincount(strata, minlength=n_strata)).astype(np.float64)
        part = np.full(len(targets), -1, dtype=np.int64)
        together = size[unit] > 1
        _place_units(part, np.flatnonzero(together), unit, strata, wanted, rng)
        _deal_rows(part, np.flatnonzero(~together), strata, wanted, rng)
        return part


@dataclass(frozen=True, slots=True)
class Contiguous(SplitRule):
    """Every part is one stretch of the rows as they stand, the first part first.

    Neighbouring blocks of one text lie on two sides only at a cut. Rows of one unit follow the
    first of them.
    """

    name: ClassVar[str] = "contiguous"

    def assign(
        self,
        targets: NDArray[Any],
        units: NDArray[np.int64],
        shares: tuple[float, ...],
        seed: int,
    ) -> NDArray[np.int64]:
        """Return the part of each row; see `SplitRule.assign`. Nothing is drawn."""
        del seed
        n = len(targets)
        _, first, unit = np.unique(units, return_index=True, return_inverse=True)
        # A row's middle decides, so that parts are as large as their shares, to half a row.
        place = (np.arange(n) + 0.5) / max(n, 1)
        part = np.searchsorted(np.cumsum(shares)[:-1], place, side="right").astype(np.int64)
        return np.asarray(part[first[unit]], dtype=np.int64)


def _place_units(
    part: NDArray[np.int64],
    rows: NDArray[np.int64],
    unit: NDArray[np.int64],
    strata: NDArray[np.int64],
    wanted: NDArray[np.float64],
    rng: np.random.Generator,
) -> None:
    """Place whole units, largest first, where what they bring is most wanted (both updated)."""
    if len(rows) == 0:
        return
    members = np.split(
        rows[np.argsort(unit[rows], kind="stable")],
        np.flatnonzero(np.diff(np.sort(unit[rows]))) + 1,
    )
    order = rng.permutation(len(members))
    for index in sorted(order, key=lambda i: -len(members[i])):
        brings = np.bincount(strata[members[index]], minlength=wanted.shape[1])
        before = (wanted**2).sum(axis=1)
        after = ((wanted - brings) ** 2).sum(axis=1)
        chosen = int(np.argmin(after - before))
        wanted[chosen] -= brings
        part[members[index]] = chosen


def _deal_rows(
    part: NDArray[np.int64],
    rows: NDArray[np.int64],
    strata: NDArray[np.int64],
    wanted: NDArray[np.float64],
    rng: np.random.Generator,
) -> None:
    """Deal single rows, stratum by stratum, to the parts that still want them."""
    total = wanted.sum(axis=1)
    for stratum in np.unique(strata[rows]):
        mine = rng.permutation(rows[strata[rows] == stratum])
        want = np.maximum(wanted[:, stratum], 0)
        if want.sum() == 0:
            want = np.maximum(total, 1e-9)
        exact = want / want.sum() * len(mine)
        counts = np.floor(exact).astype(np.int64)
        # What rounding leaves over goes to the part that is furthest below its size so far.
        for _ in range(len(mine) - int(counts.sum())):
            counts[int(np.argmax((exact - counts) + 1e-6 * (total - counts)))] += 1
        total -= counts
        part[mine] = np.repeat(np.arange(len(counts)), counts)
