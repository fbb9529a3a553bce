"""The leaderboard's rows: scores, other metrics, missing answers, costs, money."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.metrics.labels import recall_per_class
from bakeoff.metrics.registry import load_metric
from bakeoff.protocol import grid
from bakeoff.protocol.estimates import BothWays, estimate, read_both_ways
from bakeoff.protocol.measure import with_waiting
from bakeoff.protocol.prices import money
from bakeoff.protocol.scoring import make_pairs
from bakeoff.protocol.stopped import stopped_row
from bakeoff.results.analysis import Estimate, Money, Row
from bakeoff.results.records import Cost

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bakeoff.protocol.evidence import Entry
    from bakeoff.protocol.judge import Side, Trial
    from bakeoff.results.records import CellRecord, ContenderRecord

SENT = "cascade/sent"


def board(trial: Trial) -> tuple[Row, ...]:
    """Return one row a contender, best first, variants after what picks among them."""
    records = {record.name: record for record in trial.work.plan.contenders}
    entries = {entry.name: entry for entry in trial.entries}
    both = read_both_ways(trial)
    rows = []
    for name, side in trial.sides.items():
        record = records.get(name) or _parent_record(name, records)
        rows.append(_row(trial, name, side, record, both))
    for name, entry in entries.items():
        if entry.stop is not None:
            rows.append(stopped_row(trial, entry, entry.stop, records[name]))
        elif name not in trial.sides:
            rows.append(_empty_row(entry, records[name]))

    def place(row: Row) -> tuple[bool, bool, float]:
        if row.score is None:
            return (True, True, 0.0)
        return (row.state != "done", row.variant_of is not None, -trial.sign * row.score.value)

    return tuple(sorted(rows, key=place))


def _parent_record(name: str, records: dict[str, ContenderRecord]) -> ContenderRecord:
    """Return the record of a row that picks among variants: theirs, without the setting."""
    variant = next(record for record in records.values() if record.variant_of == name)
    title = variant.title.rpartition(" (")[0] or variant.title
    return replace(variant, name=name, title=title, variant_of=None, settings={})


def _row(trial: Trial, name: str, side: Side, record: ContenderRecord, both: BothWays) -> Row:
    work, truth = trial.work, trial.work.targets[trial.rows]
    pairs = [make_pairs(work.task, truth, p) for p in side.predictions]
    others = {}
    for metric_name in work.task.metrics[1:]:
        metric = load_metric(metric_name)
        if metric.needs_probabilities and any(p.probabilities is None for p in pairs):
            continue
        values = [float(metric.total(metric.statistics(p))[0]) for p in pairs]
        others[metric_name] = float(np.mean(values))
    usage = side.predictions[0].usage
    cost = with_waiting(contender_cost(trial.records, side.shipped or name, record), usage)
    sent = [row.get(SENT, 0.0) for row in usage]
    is_cascade = "cascade:" in name or name.startswith("cascade")
    status = [s for s in side.predictions[0].status if s is not None]
    out_of_fold, held_out = both.of(name, record, side)
    return Row(
        name=name,
        title=record.title,
        family=record.family,
        state="done",
        reason="",
        learns=record.learns,
        baseline=record.baseline,
        is_choice=False,
        is_reference=name == trial.reference,
        tied=name in trial.result.tied,
        score=_score(trial, name, side),
        score_everywhere=_everywhere(trial, side.entry),
        lockbox=held_out.get(work.task.primary) if work.plan.splits.evidence == "oof" else None,
        metrics=others,
        recall_per_class=_recalls(trial, side) if work.task.kind == "classification" else (),
        missing={reason: status.count(reason) for reason in dict.fromkeys(status)},
        score_missing_dropped=_without_missing(trial, side) if status else None,
        cost=cost,
        money=money(work.plan.prices, hosted=record.is_model, cost=cost, usage=usage),
        seeds=len(side.predictions),
        variant_of=side.variant_of,
        share_sent=float(np.mean(sent)) if is_cascade and sent else None,
        out_of_fold=out_of_fold,
        held_out=held_out,
    )


def _empty_row(entry: Entry, record: ContenderRecord) -> Row:
    state, reason = entry.state, entry.reason
    if state == "done":
        state, reason = "unfinished", "it has no answers for the rows that are compared"
    return Row(
        name=record.name,
        title=record.title,
        family=record.family,
        state=state,
        reason=reason,
        learns=record.learns,
        baseline=record.baseline,
        is_choice=False,
        is_reference=False,
        tied=False,
        score=None,
        score_everywhere=None,
        lockbox=None,
        metrics={},
        recall_per_class=(),
        missing={},
        score_missing_dropped=None,
        cost=Cost(),
        money=Money(None, None),
        seeds=0,
        variant_of=record.variant_of,
    )


def _score(trial: Trial, name: str, side: Side) -> Estimate:
    if name in trial.result.scores:
        return trial.result.scores[name]
    return estimate(trial, trial.metric, side.statistics, trial.rows)


def _everywhere(trial: Trial, entry: Entry) -> Estimate | None:
    """Return the score on all evidence rows, where they are more than those compared."""
    rows = entry.rows[entry.answered]
    if len(rows) == len(trial.rows):
        return None
    pairs = [make_pairs(trial.work.task, trial.work.targets[rows], p) for p in entry.at(rows)]
    statistics = np.stack([trial.metric.statistics(each) for each in pairs])
    return estimate(trial, trial.metric, statistics, rows)


def _recalls(trial: Trial, side: Side) -> tuple[float | None, ...]:
    pairs = make_pairs(trial.work.task, trial.work.targets[trial.rows], side.predictions[0])
    return tuple(None if np.isnan(v) else float(v) for v in recall_per_class(pairs))


def _without_missing(trial: Trial, side: Side) -> float | None:
    """Return the primary metric over the rows that have an answer: the other policy."""
    there = ~side.predictions[0].is_missing
    if not there.any():
        return None
    return float(trial.metric.total(side.statistics[0][there])[0])


def contender_cost(records: Sequence[CellRecord], name: str, record: ContenderRecord) -> Cost:
    """Return a contender's cost: training of the refit, speed as measured, peak memory of all."""
    mine = [r for r in records if r.cell.contender == name and r.state == "done"]
    merged: dict[str, float | int | None] = {}
    for stage in (grid.FOLD, grid.PASS, grid.FINAL, grid.MEASURE):
        for each in mine:
            if each.cell.stage == stage:
                known = {f.name: getattr(each.cost, f.name) for f in fields(Cost)}
                merged |= {key: value for key, value in known.items() if value is not None}
    peaks = [r.cost.peak_memory_bytes for r in mine if r.cost.peak_memory_bytes]
    merged["peak_memory_bytes"] = max(peaks, default=None)
    spent = [r.cost.spent_s for r in mine if r.cost.spent_s is not None]
    merged["spent_s"] = sum(spent) if spent else None
    if not record.is_model:
        return Cost()
    return Cost(**merged)  # type: ignore[arg-type]  # the keys are the fields of Cost
