"""The judge: from predictions on disk to everything that the decision page shows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.core.errors import BudgetReachedError, ContenderError
from bakeoff.metrics.registry import load_metric
from bakeoff.protocol.board import board
from bakeoff.protocol.decide import decide
from bakeoff.protocol.details import confusion, disagreements, reliability, scatter
from bakeoff.protocol.evidence import Entry, common_rows, fold_scores, gather, row_groups
from bakeoff.protocol.policies import both_policies
from bakeoff.protocol.samples import samples
from bakeoff.protocol.scoring import make_pairs
from bakeoff.protocol.stopped import comparisons_of_stops, of_stops, pair_of, with_stopped
from bakeoff.protocol.threats import find_threats, of_fits, twin_rows
from bakeoff.protocol.variants import cross_fit, mix
from bakeoff.results.analysis import Analysis, MetricRecord
from bakeoff.results.ledger import now
from bakeoff.results.records import RECORD_VERSION, finding
from bakeoff.statistics.evidence import Evidence
from bakeoff.statistics.procedure import compare_all
from bakeoff.tasks.language import LANGUAGE_MODELLING
from bakeoff.tasks.predictions import Predictions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from bakeoff.core.errors import BakeoffError
    from bakeoff.metrics.base import Metric
    from bakeoff.protocol.work import Work
    from bakeoff.results.ledger import Ledger
    from bakeoff.results.records import CellRecord, Finding
    from bakeoff.statistics.procedure import ProcedureResult


@dataclass(frozen=True, slots=True)
class Side:
    """One contender on the compared rows.

    Args:
        entry: Its predictions on all evidence rows.
        predictions: On the compared rows, one set a seed.
        statistics: ``(seeds, n, k)``, of the primary metric.
        variant_of: The row that picks one of several variants, if this is a variant.
        shipped: Name of the saved model behind it.
    """

    entry: Entry
    predictions: tuple[Predictions, ...]
    statistics: NDArray[np.float64]
    variant_of: str | None = None
    shipped: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """All that is judged, on the rows that all are compared on."""

    work: Work
    metric: Metric
    rows: NDArray[np.int64]
    entries: tuple[Entry, ...]
    sides: Mapping[str, Side]
    """Contenders that are done, variants included."""
    reference: str
    result: ProcedureResult
    """Of the family: all but variants."""
    records: Sequence[CellRecord] = field(default_factory=tuple)

    @property
    def sign(self) -> float:
        """1 where larger is better, else -1."""
        return 1.0 if self.metric.higher_is_better else -1.0

    def family(self) -> list[str]:
        """Return the names that compete: all but variants."""
        return [name for name, side in self.sides.items() if side.variant_of is None]


def judge(work: Work, records: Sequence[CellRecord], ledger: Ledger) -> Analysis:
    """Judge what is recorded so far.

    Args:
        work: The run.
        records: Recorded cells.
        ledger: For the openings of the lockbox.

    Raises:
        BudgetReachedError: No contender has predicted the rows that decide.
    """
    out_of_fold = work.plan.splits.evidence == "oof"
    kinds = ("classification", "regression", LANGUAGE_MODELLING)
    is_classes, is_numbers, is_text = (work.task.kind == kind for kind in kinds)
    trial = make_trial(work, records, out_of_fold=out_of_fold)
    rows = board(trial)
    verdict, rows = with_stopped(trial, *decide(trial, rows))
    openings = len(ledger.openings())
    threats = [
        *find_threats(work, trial.entries, rows, verdict, openings),
        *of_stops(trial.entries),
        *both_policies(trial, rows, verdict),
        *of_fits(records),
    ]
    threats += _lockbox_check(trial, verdict.choice)
    stopped = {entry.name for entry in trial.entries if entry.stop is not None}
    if trial.reference != work.plan.reference and work.plan.reference not in stopped:
        planned, used = work.plan.reference, trial.reference
        threats.append(finding("reference-replaced", "warning", planned=planned, used=used))
    names = [verdict.choice, verdict.against]
    pair = pair_of(trial, verdict)
    # Of language models every text has its own number: there is no row on which they agree.
    shown, in_all = ((), 0) if is_text else disagreements(work, pair.first, pair.second)
    detailed = {verdict.choice: pair.first, verdict.against: pair.second}
    truth = work.targets[pair.rows]
    classes = work.task.classes
    return Analysis(
        version=RECORD_VERSION,
        metrics=tuple(metric_record(name) for name in work.task.metrics),
        rows=rows,
        comparisons=(*trial.result.comparisons, *comparisons_of_stops(trial)),
        verdict=verdict,
        compared_rows=len(trial.rows),
        evidence="oof" if out_of_fold else "lockbox",
        confusions=tuple(
            confusion(name, truth, predictions, classes) for name, predictions in detailed.items()
        )
        if is_classes
        else (),
        reliability={
            name: bins
            for name, predictions in detailed.items()
            if is_classes and (bins := reliability(truth, predictions))
        },
        scatter={
            name: scatter(truth, predictions, work.plan.seed)
            for name, predictions in detailed.items()
            if is_numbers
        },
        disagreements=shown,
        disagreements_in_all=in_all,
        disagreement_pair=None if is_text or names[0] == names[1] else (names[0], names[1]),
        threats=tuple(threats),
        samples=samples(work, records) if is_text else {},
        lockbox_openings=openings,
        date=now(),
        spent_cpu_s=sum((r.cost.spent_s or 0) + (r.cost.predict_s or 0) for r in records),
    )


def make_trial(work: Work, records: Sequence[CellRecord], *, out_of_fold: bool) -> Trial:
    """Return all contenders that are done on the rows that all are compared on.

    Raises:
        BudgetReachedError: None is done.
    """
    entries = gather(work, records, out_of_fold=out_of_fold)
    metric = load_metric(work.task.primary)
    done = [entry for entry in entries if entry.state == "done" and entry.answered.any()]
    if not done:
        raise _nothing_to_judge(entries)
    rows = common_rows(done, work.plan.reference)
    sides = {}
    for entry in done:
        if np.isin(rows, entry.rows[entry.answered]).all():
            sides[entry.name] = _side(work, metric, entry, rows)
    for parent in dict.fromkeys(c.variant_of for c in work.plan.contenders if c.variant_of):
        names = [c.name for c in work.plan.contenders if c.variant_of == parent]
        if all(name in sides for name in names):
            sides[parent] = _picked(work, metric, parent, [sides[n] for n in names])
    names = [name for name, side in sides.items() if side.variant_of is None]
    reference = _reference(work, entries, names)
    result = compare_all(
        Evidence(metric, {name: sides[name].statistics for name in names}, row_groups(work, rows)),
        reference,
        rope=work.plan.rope,
        alpha=work.plan.alpha,
        seed=work.plan.seed,
        folds=fold_scores(work, records, metric),
    )
    return Trial(work, metric, rows, tuple(entries), sides, reference, result, records)


def _nothing_to_judge(entries: Sequence[Entry]) -> BakeoffError:
    if any(entry.state == "unfinished" for entry in entries):
        return BudgetReachedError(
            "no contender finished, so there is nothing to compare\n"
            "  fix: run the same command again to go on, or give it more time (--time)"
        )
    reasons = "; ".join(f"{entry.name}: {entry.reason or entry.state}" for entry in entries)
    return ContenderError(f"there is nothing to judge, no contender has predictions: {reasons}")


def _reference(work: Work, entries: Sequence[Entry], names: Sequence[str]) -> str:
    """Return the plan's reference, or where it has no predictions the cheapest that has some.

    In place of one that was stopped stands its opponent, which was fixed before it was asked.
    """
    if work.plan.reference in names:
        return work.plan.reference
    for entry in entries:
        if entry.name == work.plan.reference and entry.stop and entry.stop.opponent in names:
            return entry.stop.opponent
    guesses = {c.name for c in work.plan.contenders if c.baseline}
    return next((name for name in names if name not in guesses), names[0])


def _side(work: Work, metric: Metric, entry: Entry, rows: NDArray[np.int64]) -> Side:
    predictions = entry.at(rows)
    statistics = np.stack(
        [metric.statistics(make_pairs(work.task, work.targets[rows], p)) for p in predictions]
    )
    record = next(c for c in work.plan.contenders if c.name == entry.name)
    return Side(entry, predictions, statistics, record.variant_of, entry.name)


def _picked(work: Work, metric: Metric, parent: str, variants: list[Side]) -> Side:
    """Return the row that picks one variant for each row by the other rows."""
    sign = 1.0 if metric.higher_is_better else -1.0

    def total(statistics: NDArray[np.float64], rows: NDArray[np.int64]) -> float:
        return sign * float(np.mean([metric.total(each[rows])[0] for each in statistics]))

    picked = cross_fit(
        len(variants),
        variants[0].statistics.shape[1],
        lambda variant, rows: total(variants[variant].statistics, rows),
        work.plan.rope or 0.0,
        work.plan.seed,
    )
    rows = np.arange(len(picked.variant))
    predictions = tuple(
        Predictions.concatenate(
            [
                side.predictions[seed].take(rows[picked.variant == i])
                for i, side in enumerate(variants)
            ]
        ).take(np.argsort(np.argsort(picked.variant, kind="stable"), kind="stable"))
        for seed in range(len(variants[0].predictions))
    )
    entry = replace(
        variants[0].entry,
        name=parent,
        predictions=predictions,
        rows=predictions[0].ids,
        answered=np.ones(len(rows), dtype=np.bool_),
    )
    statistics = mix(picked.variant, [side.statistics for side in variants])
    shipped = variants[picked.shipped].entry.name
    return Side(entry, predictions, statistics, None, shipped)


def metric_record(name: str) -> MetricRecord:
    """Return the facts of a metric that a table needs."""
    metric = load_metric(name)
    return MetricRecord(name, metric.title, metric.higher_is_better, metric.percent)


def _lockbox_check(trial: Trial, choice: str) -> list[Finding]:
    """Return the choice's score without the test rows that stand in train, if there are any."""
    twins = twin_rows(trial.work)[trial.rows]
    if not twins.any() or choice not in trial.sides:
        return []
    statistics = trial.sides[choice].statistics[0]
    whole = float(trial.metric.total(statistics)[0])
    without = float(trial.metric.total(statistics[~twins])[0]) if not twins.all() else float("nan")
    return [
        finding(
            "twins-in-test",
            "warning",
            rows=int(twins.sum()),
            dropped=trial.work.plan.splits.dropped_twins,
            contender=choice,
            score=whole,
            score_without=without,
        )
    ]
