"""The common table's lines, from the records of each comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bakeoff.report.board import ordered
from bakeoff.report.case import Case
from bakeoff.results.together import SIDES, Line

if TYPE_CHECKING:
    from bakeoff.report.words import Words
    from bakeoff.results.analysis import Row
    from bakeoff.results.records import ContenderRecord
    from bakeoff.results.together import Member, Together


def all_lines(together: Together, words: Words) -> tuple[Line, ...]:
    """Return the lines of all members, in their order."""
    return tuple(line for member in together.members for line in lines(member, words))


def lines(member: Member, words: Words) -> tuple[Line, ...]:
    """Return a member's lines: side by side, best first, of all guessing only the best."""
    case = Case(member.plan, member.analysis, words)
    made = [_line(member, case, row) for row in ordered(case)]
    guesses = [line for line in made if line.side == "guessing"]
    kept = [line for line in made if line not in guesses[1:]]
    return tuple(sorted(kept, key=lambda line: SIDES.index(line.side)))


def side_of(member: Member, row: Row) -> str:
    """Return a contender's side: as declared, else by what it is."""
    if row.name in member.sides:
        return member.sides[row.name]
    if row.baseline:
        return "guessing"
    return {"answers": "answers", "combined": "both"}.get(row.family, "classical")


def quoted(member: Member) -> str:
    """Return the metric that a set's results are quoted in beside all others."""
    return "accuracy" if member.plan.task.kind == "classification" else "mse"


def _line(member: Member, case: Case, row: Row) -> Line:
    metric, primary = quoted(member), case.primary.name
    own = "" if primary == metric else primary
    record = case.planned(row.name)
    return Line(
        data=member.name,
        side=side_of(member, row),
        contender=row.name,
        title=case.label(row.name),
        state=row.state,
        reason=row.reason,
        is_choice=row.is_choice,
        metric=metric,
        out_of_fold=row.out_of_fold.get(metric),
        held_out=row.held_out.get(metric),
        recall_out_of_fold=row.out_of_fold.get("recall_macro"),
        recall_held_out=row.held_out.get("recall_macro"),
        own_metric=own,
        own_out_of_fold=row.out_of_fold.get(own),
        own_held_out=row.held_out.get(own),
        train_s=row.cost.train_s,
        spent_s=row.cost.spent_s,
        labels=_labels(member, row, record),
        epochs=_number(record, "epochs"),
        folds=member.plan.splits.folds,
        seeds=row.seeds,
    )


def _labels(member: Member, row: Row, record: ContenderRecord | None) -> int:
    """Return how many labelled rows the shipped model may learn from."""
    if not row.learns:
        return 0
    there = member.plan.splits.train_rows
    return min(there, _number(record, "rows") or there)


def _number(record: ContenderRecord | None, setting: str) -> int | None:
    value = None if record is None else record.settings.get(setting)
    return value if isinstance(value, int) else None
