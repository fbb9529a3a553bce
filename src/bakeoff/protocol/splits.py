"""One split for all contenders: lockbox, folds and validation rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bakeoff.core.hashing import hash_parts
from bakeoff.core.seeds import derive_seed
from bakeoff.results.folder import write_table

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from bakeoff.tasks.splitting import SplitRule

TRAIN, VALID, LOCKBOX, DROPPED = "train", "valid", "lockbox", "dropped"
LOCKBOX_SHARE = 0.2
VALID_SHARE = 0.1
SMALLEST_VALID = 5
"""With fewer validation rows than this, none are set apart."""


@dataclass(frozen=True, slots=True)
class Splits:
    """Every row's place.

    Args:
        role: ``(n,)``, str: train, valid (an official dev split), lockbox or dropped.
        unit: ``(n,)``, int64; rows of one unit are never divided.
        folds: ``(repeats, n)``, int64: the fold that holds a training row out, -1 elsewhere.
    """

    role: NDArray[np.str_]
    unit: NDArray[np.int64]
    folds: NDArray[np.int64]

    def rows(self, role: str) -> NDArray[np.int64]:
        """Return the positions of the rows with this role."""
        return np.flatnonzero(self.role == role).astype(np.int64)

    def sha256(self) -> str:
        """Return a hash of every row's place."""
        return hash_parts([",".join(self.role), self.unit.tobytes(), self.folds.tobytes()])

    def fold_rows(self, repeat: int, fold: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the rows to learn from and the rows held out, of one fold."""
        inside = self.folds[repeat]
        learn = np.flatnonzero((inside >= 0) & (inside != fold))
        return learn.astype(np.int64), np.flatnonzero(inside == fold).astype(np.int64)

    def set_valid_apart(
        self, learn: NDArray[np.int64], targets: NDArray[Any], rule: SplitRule, seed: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64] | None]:
        """Divide rows to learn from into train and valid.

        The official dev split serves where there is one; else a tenth of the rows, by the task's
        own rule. The division depends on the rows alone and not on the contender.
        """
        official = self.rows(VALID)
        if len(official):
            return learn, official
        if len(learn) * VALID_SHARE < SMALLEST_VALID:
            return learn, None
        shares = (1 - VALID_SHARE, VALID_SHARE)
        part = rule.assign(targets[learn], self.unit[learn], shares, derive_seed(seed, "valid"))
        if not (part == 0).any() or not (part == 1).any():
            return learn, None
        return learn[part == 0], learn[part == 1]


@dataclass(frozen=True, slots=True)
class SplitRequest:
    """What the split is made from.

    Args:
        part: ``(n,)``, str: ``"main"``, ``"valid"`` or ``"test"`` as the user gave them.
        targets: ``(n,)``, as contenders learn from them.
        unit: ``(n,)``, int64: groups joined with sets of duplicates.
        twins: Positions of main or valid rows that have a twin in the official test.
        preferred: ``(n,)``, bool: rows that enter the lockbox first (those with answers, where
            answers are partial).
        folds: How many.
        repeats: How many times the folds are drawn.
        seed: The run's seed.
    """

    part: NDArray[np.str_]
    targets: NDArray[Any]
    unit: NDArray[np.int64]
    twins: NDArray[np.int64]
    preferred: NDArray[np.bool_]
    folds: int
    repeats: int
    seed: int


def make_splits(request: SplitRequest, rule: SplitRule) -> Splits:
    """Split once, the same for all contenders.

    The official test is the lockbox and is never touched: training rows with a twin in it are
    dropped. Without one, a fifth of the rows is held out, rows with answers first.
    """
    role = np.full(len(request.part), TRAIN, dtype="<U8")
    role[request.part == "valid"] = VALID
    if (request.part == "test").any():
        role[request.part == "test"] = LOCKBOX
        role[request.twins] = DROPPED
    else:
        main = np.flatnonzero(role == TRAIN)
        role[_hold_out(request, main, rule)] = LOCKBOX
    folds = np.full((request.repeats, len(role)), -1, dtype=np.int64)
    train = np.flatnonzero(role == TRAIN)
    shares = tuple(1 / request.folds for _ in range(request.folds))
    for repeat in range(request.repeats):
        seed = derive_seed(request.seed, "folds", repeat)
        folds[repeat, train] = rule.assign(
            request.targets[train], request.unit[train], shares, seed
        )
    return Splits(role, request.unit, folds)


def _hold_out(request: SplitRequest, main: NDArray[np.int64], rule: SplitRule) -> NDArray[np.int64]:
    """Return the rows of the lockbox: preferred units first, then by the rule, up to its size."""
    seed = derive_seed(request.seed, "lockbox")
    size = LOCKBOX_SHARE * len(main)
    wanted = np.isin(request.unit[main], np.unique(request.unit[main][request.preferred[main]]))
    first = main[wanted]
    if len(first) == 0 or wanted.all():
        return _draw(request, main, LOCKBOX_SHARE, rule, seed)
    if len(first) > size:
        return _draw(request, first, size / len(first), rule, seed)
    rest = main[~wanted]
    share = (size - len(first)) / len(rest)
    return np.concatenate([first, _draw(request, rest, share, rule, seed)])


def _draw(
    request: SplitRequest, rows: NDArray[np.int64], share: float, rule: SplitRule, seed: int
) -> NDArray[np.int64]:
    if share * len(rows) < 1:
        return rows[:0]
    part = rule.assign(request.targets[rows], request.unit[rows], (1 - share, share), seed)
    return np.asarray(rows[part == 1], dtype=np.int64)


def join_units(first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return units that keep together what either numbering keeps together: ``(n,)``, int64."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n = len(first)
    left = np.unique(first, return_inverse=True)[1]
    right = np.unique(second, return_inverse=True)[1] + left.max(initial=-1) + 1
    nodes = int(right.max(initial=-1)) + 1
    edges = coo_array((np.ones(n, dtype=np.int8), (left, right)), shape=(nodes, nodes))
    _, component = connected_components(edges, directed=False)
    return np.asarray(component[left], dtype=np.int64)


def write_splits(
    path: Path, splits: Splits, part: NDArray[np.str_], row: NDArray[np.int64]
) -> None:
    """Write every row's place, with the file and row that it came from."""
    columns = {
        "id": pa.array(np.arange(len(splits.role))),
        "part": pa.array(part.tolist(), pa.string()),
        "row": pa.array(row),
        "role": pa.array(splits.role.tolist(), pa.string()),
        "unit": pa.array(splits.unit),
    }
    for repeat, fold in enumerate(splits.folds):
        columns[f"fold_{repeat}"] = pa.array(fold)
    write_table(path, pa.table(columns))


def read_splits(path: Path) -> Splits:
    """Read what `write_splits` wrote."""
    table = pq.read_table(path)
    names = [name for name in table.column_names if name.startswith("fold_")]
    folds = np.stack([table[name].to_numpy() for name in names])
    role = np.array(table["role"].to_pylist(), dtype="<U8")
    return Splits(role, table["unit"].to_numpy(), folds)
