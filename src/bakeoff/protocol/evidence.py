"""The rows that decide, and what every contender predicted for them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.parquet as pq

from bakeoff.protocol import grid, splits
from bakeoff.protocol.scoring import make_pairs
from bakeoff.statistics.learners import FoldScores
from bakeoff.tasks.predictions import Predictions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bakeoff.metrics.base import Metric
    from bakeoff.protocol.work import Work
    from bakeoff.results.records import CellRecord, ContenderRecord, Stop


@dataclass(frozen=True, slots=True)
class Entry:
    """One contender's predictions on the evidence rows.

    Args:
        name: The contender.
        state: ``"done"``, ``"failed"``, ``"dropped"``, ``"unfinished"`` or ``"stopped"``.
        reason: Why it is not done.
        predictions: One set for each seed or repeat, each in the order of ``rows``.
        rows: ``(m,)``, int64: evidence rows that it predicted (all of them, unless answers are
            partial), in ascending order.
        answered: ``(m,)``, bool: rows that it has an answer for; unanswered rows of a contender
            that does not learn are not compared.
        metered: Whether it was asked on some rows only, because each is paid for.
    """

    name: str
    state: str
    reason: str
    predictions: tuple[Predictions, ...]
    rows: NDArray[np.int64]
    answered: NDArray[np.bool_]
    metered: bool = False
    stop: Stop | None = None
    """Why it was asked no further, if it was decided before all rows were asked."""

    def at(self, rows: NDArray[np.int64]) -> tuple[Predictions, ...]:
        """Return the predictions for ``rows``, a subset of its own."""
        positions = np.searchsorted(self.rows, rows)
        return tuple(each.take(positions) for each in self.predictions)

    def only(self, rows: NDArray[np.int64]) -> Entry:
        """Return this entry with those of its rows that are among ``rows``."""
        inside = np.flatnonzero(np.isin(self.rows, rows))
        predictions = tuple(each.take(inside) for each in self.predictions)
        return replace(
            self, predictions=predictions, rows=self.rows[inside], answered=self.answered[inside]
        )


def gather(work: Work, records: Sequence[CellRecord], *, out_of_fold: bool) -> list[Entry]:
    """Return every planned contender's entry, in the plan's order.

    Args:
        work: The run.
        records: What is recorded so far.
        out_of_fold: Take predictions of held-out folds (else of the lockbox).
    """
    return [_entry(work, contender, records, out_of_fold) for contender in work.plan.contenders]


def _entry(
    work: Work, contender: ContenderRecord, records: Sequence[CellRecord], out_of_fold: bool
) -> Entry:
    nothing = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.bool_))
    if contender.dropped:
        return Entry(contender.name, "dropped", contender.dropped, (), *nothing)
    mine = [record for record in records if record.cell.contender == contender.name]
    broken = [r for r in mine if r.state != "done" and r.cell.stage != grid.MEASURE]
    if broken:
        return Entry(contender.name, "failed", broken[0].reason, (), *nothing)
    halted = {r.cell.contender: r.stop for r in records if r.stop is not None}
    waiting = next((part for part in contender.asks if part in halted), None)
    if waiting is not None:
        reason = f"its part '{waiting}' was {stop_reason(halted[waiting])}"
        return Entry(contender.name, "stopped", reason, (), *nothing)
    groups = _groups(work, contender, mine, out_of_fold)
    if not groups:
        return Entry(contender.name, "unfinished", "the time was over", (), *nothing)
    tables = [_read(work, group) for group in groups]
    evidence = work.splits.rows(splits.TRAIN if out_of_fold else splits.LOCKBOX)
    rows = tables[0].ids
    for table in tables[1:]:
        rows = np.intersect1d(rows, table.ids)
    rows = np.intersect1d(rows, evidence)
    aligned = tuple(table.take(np.searchsorted(table.ids, rows)) for table in tables)
    answered = np.ones(len(rows), dtype=np.bool_)
    if not contender.learns:
        answered = np.array([status != "missing" for status in aligned[0].status], dtype=np.bool_)
    stop = halted.get(contender.name)
    if stop is not None:
        reason = stop_reason(stop)
        return Entry(contender.name, "stopped", reason, aligned, rows, answered, True, stop)
    return Entry(contender.name, "done", "", aligned, rows, answered, contender.metered)


def _groups(
    work: Work, contender: ContenderRecord, records: Sequence[CellRecord], out_of_fold: bool
) -> list[list[CellRecord]]:
    """Return the records of each set of predictions: of a pass, of all folds, or of a refit."""
    if not contender.learns:
        return [[r] for r in records if r.cell.stage == grid.PASS]
    if out_of_fold:
        return _replicates(work, contender, records)
    return [[r] for r in records if r.cell.stage in (grid.FINAL, grid.LOCKBOX) and r.file]


def stop_reason(stop: Stop) -> str:
    """Return in a few words why a contender was asked no further."""
    word = "better" if stop.better else "worse"
    return (
        f"asked on {stop.asked:,} of {stop.planned:,} rows: by then shown to be {word} than "
        f"'{stop.opponent}'"
    )


def _replicates(
    work: Work, contender: ContenderRecord, records: Sequence[CellRecord]
) -> list[list[CellRecord]]:
    """Return the fold records of each time that the contender went through the folds."""
    groups = []
    for repeat, seed in grid.replicates(contender, work.plan):
        group = [
            record
            for record in records
            if record.cell.stage == grid.FOLD
            and record.cell.repeat == repeat
            and record.cell.seed == seed
        ]
        if group:
            groups.append(group)
    whole = [group for group in groups if len(group) == work.plan.splits.folds]
    return whole or groups[:1]


def _read(work: Work, records: Sequence[CellRecord]) -> Predictions:
    """Return the predictions of some cells, sorted by row id."""
    parts = [Predictions(pq.read_table(work.folder.root / record.file)) for record in records]
    together = Predictions.concatenate(parts)
    return together.take(np.argsort(together.ids, kind="stable"))


def common_rows(entries: Sequence[Entry], reference: str) -> NDArray[np.int64]:
    """Return the rows on which all are compared: those that every contender answered.

    A contender that does not learn and has answers for less than half of the reference's rows is
    left out of this, or it would take the rows away from all others. One that is asked on a few
    rows because each is paid for is there to be compared: the rows are among its own.
    """
    done = [entry for entry in entries if entry.state == "done"]
    first = next((entry for entry in done if entry.name == reference), None)
    rows = first.rows[first.answered] if first is not None else done[0].rows
    for entry in done:
        if entry.metered:
            both = np.intersect1d(rows, entry.rows[entry.answered])
            rows = both if len(both) else rows
    least = len(rows) / 2
    for entry in done:
        both = np.intersect1d(rows, entry.rows[entry.answered])
        if len(both) >= least:
            rows = both
    return np.asarray(rows, dtype=np.int64)


def row_groups(work: Work, rows: NDArray[np.int64]) -> NDArray[np.int64] | None:
    """Return the unit of each row where rows are not independent, else None."""
    unit = work.splits.unit[rows]
    return unit if len(np.unique(unit)) < len(unit) else None


def fold_scores(work: Work, records: Sequence[CellRecord], metric: Metric) -> FoldScores | None:
    """Return the primary metric on every held-out fold, for the tests about recipes.

    Of contenders whose folds are all there; seeds on one fold are averaged. None where fewer than
    two contenders have folds.
    """
    by_contender: dict[str, dict[tuple[int, int], list[float]]] = {}
    sizes: list[int] = []
    # What holds a paid part has predicted a sample of each fold: not the same rows.
    partial = {c.name for c in work.plan.contenders if c.asks}
    for record in records:
        cell = record.cell
        if cell.stage != grid.FOLD or record.state != "done" or cell.contender in partial:
            continue
        predictions = _read(work, [record])
        pairs = make_pairs(work.task, work.targets[predictions.ids], predictions)
        folds = by_contender.setdefault(cell.contender, {})
        value = float(metric.total(metric.statistics(pairs))[0])
        folds.setdefault((cell.repeat, cell.fold), []).append(value)
        sizes.append(len(predictions))
    wanted = [
        (r, f) for r in range(work.plan.splits.repeats) for f in range(work.plan.splits.folds)
    ]
    scores = {
        name: np.array([np.mean(folds[key]) for key in wanted])
        for name, folds in by_contender.items()
        if set(wanted) <= set(folds)
    }
    if len(scores) < 2:
        return None
    n_test = float(np.mean(sizes))
    return FoldScores(scores, work.plan.splits.train_rows - n_test, n_test)
