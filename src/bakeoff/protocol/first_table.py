"""The first table: scores of the folds that are there, long before the end, and no verdict."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.metrics.registry import load_metric
from bakeoff.protocol import grid
from bakeoff.protocol.evidence import common_rows, gather, row_groups
from bakeoff.protocol.scoring import make_pairs
from bakeoff.statistics.bootstrap import bootstrap
from bakeoff.statistics.evidence import Evidence, prepare
from bakeoff.statistics.scores import score

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bakeoff.protocol.evidence import Entry
    from bakeoff.protocol.work import Work
    from bakeoff.results.analysis import Estimate
    from bakeoff.results.records import CellRecord

FOLDS = 2
"""Folds that a contender must have to stand in it."""

CONTENDERS = 3
"""Contenders that it needs, one of them more than a baseline."""

RESAMPLES = 1_000
"""Fewer than the judge draws: the driver shares its core with a worker."""


def first_table(work: Work, records: Sequence[CellRecord]) -> dict[str, Estimate]:
    """Return name -> primary metric with its interval, best first; empty while it is too early.

    Contenders are compared on the rows of the folds that are there. Those that do not learn have
    predicted every row by then, and are cut to the same rows.
    """
    folds = Counter(r.cell.contender for r in records if r.cell.stage == grid.FOLD)
    baselines = {c.name for c in work.plan.contenders if c.baseline}
    ready = {name for name, count in folds.items() if count >= FOLDS}
    if len(ready) < CONTENDERS or ready <= baselines:
        return {}
    variants = {c.name for c in work.plan.contenders if c.variant_of}
    entries = gather(work, records, out_of_fold=True)
    entries = [e for e in entries if e.state == "done" and e.name not in variants]
    done = _on_the_same_rows(entries, ready, folds)
    if not done:
        return {}
    rows = common_rows(done, work.plan.reference)
    metric = load_metric(work.task.primary)
    statistics = {
        entry.name: np.stack(
            [
                metric.statistics(make_pairs(work.task, work.targets[rows], p))
                for p in entry.at(rows)
            ]
        )
        for entry in done
        if np.isin(rows, entry.rows).all()
    }
    prepared = prepare(Evidence(metric, statistics, row_groups(work, rows)))
    draws = bootstrap(prepared, work.plan.seed, resamples=RESAMPLES)
    best_first = np.argsort(-draws.values, kind="stable")
    return {prepared.names[i]: score(prepared, draws, int(i), work.plan.alpha) for i in best_first}


def _on_the_same_rows(
    entries: Sequence[Entry], ready: set[str], folds: Counter[str]
) -> list[Entry]:
    learned = [entry for entry in entries if entry.name in ready]
    if not learned:
        return []
    rows = np.unique(np.concatenate([entry.rows for entry in learned]))
    once = [entry.only(rows) for entry in entries if folds[entry.name] == 0]
    return [*learned, *(entry for entry in once if entry.answered.any())]
