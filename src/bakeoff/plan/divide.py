"""How a plan divides the rows: lockbox and folds, and which of them decide."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.core.errors import PlanError
from bakeoff.data.columns import ColumnType
from bakeoff.protocol.splits import (
    DROPPED,
    LOCKBOX,
    TRAIN,
    SplitRequest,
    Splits,
    join_units,
    make_splits,
)
from bakeoff.tasks.kind import load_kind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bakeoff.plan.budget import Effort
    from bakeoff.plan.prepare import Prepared

SMALL = 5_000
"""Below so many labelled rows, out-of-fold predictions are the main evidence."""

FEWEST_FOLDS = 2


def answered_rows(prepared: Prepared) -> NDArray[np.bool_]:
    """Return which rows have an answer in any column of answers: ``(n,)``, bool."""
    answered = np.zeros(len(prepared.dataset), dtype=np.bool_)
    for name in prepared.dataset.of_type(ColumnType.ANSWER):
        answered |= np.asarray(prepared.dataset.table[name].is_valid().to_numpy(), dtype=np.bool_)
    return answered


def divide(
    prepared: Prepared, answered: NDArray[np.bool_], wanted: Effort, seed: int, *, exact: bool
) -> tuple[Splits, Effort, tuple[str, ...]]:
    """Divide the rows; where they are too few for the preset's folds, take fewer and say so.

    Args:
        prepared: The data and the task.
        answered: ``(n,)``, bool: rows with an answer made elsewhere.
        wanted: Folds and repeats.
        seed: The run's seed.
        exact: Whether the user named the number of folds, so that another one is refused.

    Raises:
        PlanError: There are too few training rows or groups for the folds.
    """
    now = wanted
    while True:
        splits = _make(prepared, answered, now, seed)
        if now.folds == 1 or _all_filled(splits, now.folds):
            break
        if exact or now.folds <= FEWEST_FOLDS:
            raise _too_few(prepared, splits, now.folds)
        now = replace(now, folds=now.folds - 1)
    if now.folds == wanted.folds:
        return splits, now, ()
    few = _units(prepared, splits).rstrip(",")
    note = f"folds: {now.folds} instead of {wanted.folds}, for there are only {few}"
    return splits, now, (note,)


def _all_filled(splits: Splits, folds: int) -> bool:
    return all(len(rows) for fold in range(folds) for rows in splits.fold_rows(0, fold))


def evidence_of(splits: Splits, answered: NDArray[np.bool_], folds: int) -> str:
    """Return whether out-of-fold predictions or the lockbox decide.

    Small data are judged out of fold, which has 2.5 times the power of a hold-out. The lockbox
    decides above, where most of the answers that the comparison is about lie in it, and where
    there are no folds.

    Raises:
        PlanError: There are neither folds nor a lockbox.
    """
    labelled = int(np.isin(splits.role, (TRAIN, LOCKBOX)).sum())
    if folds == 1:
        if not (splits.role == LOCKBOX).any():
            raise PlanError(
                "without folds nothing is left to judge by: there are too few rows for a lockbox",
                where="--folds 1",
                fix="leave --folds out, or give --test FILE",
            )
        return "lockbox"
    if not (splits.role == LOCKBOX).any():
        return "oof"
    in_lockbox = int((answered & (splits.role == LOCKBOX)).sum())
    in_train = int((answered & (splits.role == TRAIN)).sum())
    if in_lockbox > in_train:
        return "lockbox"
    return "lockbox" if labelled >= SMALL else "oof"


def _make(prepared: Prepared, answered: NDArray[np.bool_], wanted: Effort, seed: int) -> Splits:
    dataset, report, group = prepared.dataset, prepared.audit, prepared.task.group
    unit = report.duplicate_groups
    if group:
        labels = dataset.table[group].to_pylist()
        numbers = {label: number for number, label in enumerate(dict.fromkeys(labels))}
        unit = join_units(unit, np.array([numbers[label] for label in labels], dtype=np.int64))
    partial = answered if answered.any() and not answered.all() else np.zeros_like(answered)
    request = SplitRequest(
        part=dataset.part,
        targets=prepared.target.values,
        unit=unit,
        twins=report.twins_of_test,
        preferred=partial,
        folds=wanted.folds,
        repeats=wanted.repeats,
        seed=seed,
    )
    if len(report.twins_of_test) == int((dataset.part == "main").sum()):
        raise PlanError(
            f"every one of the {len(report.twins_of_test):,} training rows stands in the test "
            "file too",
            where=" and ".join(source.location for source in dataset.sources),
            why="a training row that equals a test row is dropped, so nothing is left to learn "
            "from",
            fix="give a test file with other rows, or leave --test out: a fifth is then held out",
        )
    return make_splits(request, load_kind(prepared.task.kind).split_rule())


def _units(prepared: Prepared, splits: Splits) -> str:
    """Return what the folds are made of, in words: rows, or what must stay together."""
    train = splits.rows(TRAIN)
    units, rows = len(np.unique(splits.unit[train])), len(train)
    if units == rows:
        return f"{rows:,} training rows"
    if prepared.task.group:
        return f"{rows:,} training rows in {units:,} group(s) of '{prepared.task.group}'"
    return f"{rows:,} training rows, of which {units:,} differ from one another,"


def _too_few(prepared: Prepared, splits: Splits, folds: int) -> PlanError:
    dropped = int((splits.role == DROPPED).sum())
    return PlanError(
        f"{_units(prepared, splits)} are too few for {folds} folds",
        where=prepared.dataset.sources[0].location,
        why=f"{dropped:,} more stand in the test file too and are dropped" if dropped else "",
        fix="give more rows"
        + (f", or fewer folds (--folds {FEWEST_FOLDS})" if folds > FEWEST_FOLDS else "")
        + (", or group by another column" if prepared.task.group else ""),
    )
