"""What could be wrong with the conclusion, found by looking; the report has the sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bakeoff.core.notes import read_coded
from bakeoff.protocol.splits import DROPPED, LOCKBOX
from bakeoff.results.records import Finding, finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from bakeoff.protocol.evidence import Entry
    from bakeoff.protocol.work import Work
    from bakeoff.results.analysis import Estimate, Row, Verdict
    from bakeoff.results.records import CellRecord, Value

FEW_ROWS = 100
FEW_GROUPS = 20
FEW_SEEDS = 5


def find_threats(
    work: Work, entries: Sequence[Entry], rows: Sequence[Row], verdict: Verdict, openings: int
) -> tuple[Finding, ...]:
    """Return all threats, the gravest first."""
    found = [
        *_of_entrants(work, rows),
        *_of_pretraining(work, rows),
        *_of_answers(work, entries, rows),
        *_of_power(work, rows, verdict),
        *_of_prices(work, rows),
    ]
    if openings > 1:
        found.append(finding("lockbox-openings", "info", openings=openings))
    order = {"error": 0, "warning": 1, "info": 2}
    return tuple(sorted(found, key=lambda f: order[f.level]))


def _of_entrants(work: Work, rows: Sequence[Row]) -> Iterator[Finding]:
    for state, code in (("failed", "failed-contenders"), ("dropped", "dropped-contenders")):
        names = [row.name for row in rows if row.state == state]
        if names:
            yield finding(code, "warning", count=len(names), contenders=", ".join(names))
    for note in work.plan.notes:
        yield finding("degraded-plan", "info", change=note)
    for record in work.plan.contenders:
        if record.unread and not record.baseline and record.is_model:
            columns = ", ".join(record.unread)
            yield finding("column-unread", "info", contender=record.name, columns=columns)


def _of_pretraining(work: Work, rows: Sequence[Row]) -> Iterator[Finding]:
    done = {row.name for row in rows if row.state == "done"}
    names = [c.name for c in work.plan.contenders if c.pretrained and c.name in done]
    if names:
        count, listed = len(names), ", ".join(names)
        yield finding("pretrained-may-have-seen-data", "warning", count=count, contenders=listed)


def of_fits(records: Sequence[CellRecord]) -> tuple[Finding, ...]:
    """Return what went otherwise than planned while contenders were fitted."""
    notes: dict[tuple[str, str], int] = {}
    for record in records:
        for note in record.notes:
            key = (record.cell.contender, note)
            notes[key] = notes.get(key, 0) + 1
    return tuple(_of_note(name, note, fits) for (name, note), fits in notes.items())


def _of_note(name: str, note: str, fits: int) -> Finding:
    read = read_coded(note)
    if read is None:
        return finding("fit-note", "info", contender=name, note=note, fits=fits)
    code, values = read
    return Finding(code, "info", {"contender": name, **values})


def _of_answers(work: Work, entries: Sequence[Entry], rows: Sequence[Row]) -> Iterator[Finding]:
    by_name = {row.name: row for row in rows}
    models = {record.name for record in work.plan.contenders if record.is_model}
    asked_here = {record.name for record in work.plan.contenders if record.metered}
    for entry in entries:
        row = by_name.get(entry.name)
        if row is None or entry.name in models or not len(entry.rows) or row.baseline:
            continue
        name = entry.name
        yield finding("llm-may-have-seen-data", "warning", contender=name)
        if name not in asked_here:
            yield finding("answers-one-per-row", "info", contender=name)
            yield finding("origin-not-recorded", "info", contender=name)
        answered, asked = int(entry.answered.sum()), len(entry.rows)
        if answered < asked:
            yield finding(
                "partial-answers", "warning", contender=name, answered=answered, rows=asked
            )
        outside = row.missing.get("outside", 0)
        if outside:
            example = _outside(work, entry)
            quoted: dict[str, Value] = {"example": example} if example else {"how": "unquoted"}
            values = {"contender": name, "rows": outside, **quoted}
            yield Finding("answers-outside-labels", "warning", values)
        if row.missing and row.score is not None and row.score_missing_dropped is not None:
            yield _missing(work, row, row.score, row.score_missing_dropped)
    for name in dict.fromkeys(r.variant_of for r in rows if r.variant_of):
        row = by_name.get(name)
        if row is not None and row.score is not None:
            code = "answers-labels-used-for-threshold"
            yield finding(code, "info", contender=name, rows=row.score.n)


def _missing(work: Work, row: Row, score: Estimate, dropped: float) -> Finding:
    rows = sum(row.missing.values())
    told: dict[str, Value] = {"contender": row.name, "rows": rows}
    if work.task.classes:
        told |= {"share": rows / max(score.n, 1), "score": score.value, "score_dropped": dropped}
    else:
        told |= {"share": rows / max(score.n + rows, 1), "how": "left-out"}
    return Finding("missing-answers", "warning", told)


def _outside(work: Work, entry: Entry) -> str:
    """Return one answer that is not a possible one, as it was written."""
    column = entry.name.partition(":")[2]
    for row, status in zip(entry.rows, entry.predictions[0].status, strict=True):
        if status == "outside" and column in work.table.column_names:
            return str(work.table[column][int(row)].as_py())[:60]
    return ""


def _of_power(work: Work, rows: Sequence[Row], verdict: Verdict) -> Iterator[Finding]:
    compared = max((row.score.n for row in rows if row.score), default=0)
    if compared < FEW_ROWS:
        yield finding("few-rows", "warning", rows=compared)
    if verdict.detectable is not None:
        yield finding("test-cannot-show", "info", detectable=verdict.detectable)
    if work.plan.task.group is not None:
        groups = len(np.unique(work.splits.unit))
        if groups < FEW_GROUPS:
            column = work.plan.task.group
            yield finding("few-groups", "warning", column=column, groups=groups)
    for row in rows:
        if 1 < row.seeds < FEW_SEEDS and row.state == "done":
            yield finding("seeds-rows-only", "info", contender=row.name, seeds=row.seeds)


def _of_prices(work: Work, rows: Sequence[Row]) -> Iterator[Finding]:
    if work.plan.prices.assumed:
        yield finding("price-assumed", "info", names=", ".join(work.plan.prices.assumed))
    unknown = sorted({name for row in rows for name in row.money.unknown if row.state == "done"})
    if unknown:
        yield finding("price-unknown", "info", names=", ".join(unknown))


def twin_rows(work: Work) -> NDArray[np.bool_]:
    """Return which rows of an official test have a twin among the rows given for training."""
    dropped = np.unique(work.splits.unit[work.splits.role == DROPPED])
    return np.asarray(
        np.isin(work.splits.unit, dropped) & (work.splits.role == LOCKBOX), dtype=np.bool_
    )
