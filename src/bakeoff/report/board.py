"""The leaderboard as the page shows it: a row a contender, the score as a dot on one axis."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bakeoff.report import numbers
from bakeoff.report.axis import Axis, decimals_of, linear
from bakeoff.report.marks import shapes, svg_path
from bakeoff.report.visible import one_line

if TYPE_CHECKING:
    from bakeoff.report.case import Case
    from bakeoff.results.analysis import MetricRecord, Row

MOST_ROWS = 12
_MARK_RADIUS = 5.0
_ALWAYS = {"regression": ("mse",), "classification": ("accuracy", "recall_macro")}


@dataclass(frozen=True, slots=True)
class Dot:
    """A score on the common axis; places in per cent of the cell's width."""

    value: float
    low: float | None
    high: float | None
    beyond: int
    """-1 or 1 where the score lies off the axis."""


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A contender in the leaderboard."""

    title: str
    name: str
    """Registry name where it says more than the title, else empty."""
    family: str
    mark: str
    """Shape of the family as an SVG path around the origin."""
    role: str
    """``"choice"``, ``"against"`` (the reference) or ``"rest"``."""
    state: str
    score: str
    interval: str
    dot: Dot | None
    metrics: tuple[str, ...]
    cost: str
    latency: str
    train: str
    badges: tuple[str, ...]
    word: str
    missing: str
    reason: str
    tied: bool
    tied_first: bool
    tied_last: bool


@dataclass(frozen=True, slots=True)
class Legend:
    """A family and its mark."""

    family: str
    mark: str


@dataclass(frozen=True, slots=True)
class Board:
    """The leaderboard."""

    metric: str
    lower_is_better: bool
    metrics: tuple[str, ...]
    state_head: str
    shown: tuple[BoardRow, ...]
    folded: tuple[BoardRow, ...]
    ticks: tuple[tuple[float, str], ...]
    reference: float | None
    """Place of the reference's score, in per cent."""
    legend: tuple[Legend, ...]
    any_tied: bool


def beside(case: Case) -> list[MetricRecord]:
    """Return the metrics that have a column of their own beside the primary one."""
    others = list(case.analysis.metrics[1:])
    always = _ALWAYS.get(case.plan.task.kind, ())
    chosen = [metric for metric in others if metric.name in always]
    return chosen or others[:1]


def ordered(case: Case) -> list[Row]:
    """Return the rows of the leaderboard: those with a score first, as the judge ranked them."""
    return sorted(case.board, key=lambda row: row.score is None)


def top(rows: list[Row], most: int = MOST_ROWS) -> list[Row]:
    """Return at most ``most`` rows; the choice and the reference are always among them."""
    kept = rows[:most]
    for row in [row for row in rows[most:] if row.is_choice or row.is_reference]:
        last = next((one for one in reversed(kept) if not (one.is_choice or one.is_reference)), row)
        kept = [one for one in kept if one is not last] + [row]
    return kept


def board(case: Case) -> Board:
    """Return the leaderboard."""
    rows = ordered(case)
    shown = top(rows)
    axis = _axis(case)
    reference = next((row for row in rows if row.is_reference), None)
    marks = shapes([row.family for row in case.analysis.rows])
    lines = {row.name: _line(row, case, axis, marks[row.family]) for row in rows}
    ticks = axis.ticks(4)
    decimals = decimals_of(ticks)
    return Board(
        metric=case.metric(case.primary),
        metrics=tuple(case.metric(metric) for metric in beside(case)),
        state_head=case.words("board.state-alone" if reference is None else "board.state"),
        lower_is_better=not case.primary.higher_is_better,
        shown=_bracketed([lines[row.name] for row in shown]),
        folded=_bracketed([lines[row.name] for row in rows if row not in shown]),
        ticks=tuple((axis.place(tick), _tick(tick, decimals, case)) for tick in ticks),
        reference=None
        if reference is None or reference.score is None or axis.beyond(reference.score.value)
        else axis.place(reference.score.value),
        legend=_legend(rows, marks, case),
        any_tied=sum(row.tied for row in rows) > 1,
    )


def _axis(case: Case) -> Axis:
    """Return the common axis; guessing lies far off as a rule and does not stretch it."""
    rows = [row for row in case.drawn if not row.baseline]
    values = []
    for row in rows if len(rows) > 1 else case.drawn:
        if row.score is not None:
            ends = (row.score.low, row.score.value, row.score.high)
            values += [value for value in ends if value is not None]
    return linear(values, 0.0, 100.0, pad=0.06)


def _tick(tick: float, decimals: int, case: Case) -> str:
    text = numbers.plain(tick, decimals)
    return text.replace("0.", ".", 1) if case.primary.percent and 0 < tick < 1 else text


def _line(row: Row, case: Case, axis: Axis, shape: str) -> BoardRow:
    none, title = case.words("page.none"), case.label(row.name)
    score, _, interval = case.estimate(row.score).partition(" [")
    return BoardRow(
        title=title,
        name="" if title == one_line(row.name) or case.cascade_parts(row.name) else row.name,
        family=case.family(row.family),
        mark=svg_path(shape, _MARK_RADIUS),
        role="choice" if row.is_choice else "against" if row.is_reference else "rest",
        state=row.state,
        score=score,
        interval=f"[{interval}" if interval else "",
        dot=_dot(row, axis),
        metrics=tuple(_metric(row, metric, none) for metric in beside(case)),
        cost=_unknown(case) if row.money.per_1000 is None else numbers.money(row.money.per_1000),
        latency=none
        if row.cost.latency_p50_s is None
        else numbers.duration(row.cost.latency_p50_s),
        train=none if row.cost.train_s is None else numbers.duration(row.cost.train_s),
        badges=badges(row, case),
        word=against_reference(row, case),
        missing=unanswered(row, case),
        reason=row.reason,
        tied=row.tied and row.score is not None,
        tied_first=False,
        tied_last=False,
    )


def _unknown(case: Case) -> str:
    return case.words("page.unknown")


def _metric(row: Row, metric: MetricRecord, none: str) -> str:
    value = row.metrics.get(metric.name)
    return none if value is None else numbers.score(value, percent=metric.percent)


def _dot(row: Row, axis: Axis) -> Dot | None:
    score = row.score
    if score is None:
        return None
    return Dot(
        value=axis.place(score.value),
        low=None if score.low is None else axis.place(score.low),
        high=None if score.high is None else axis.place(score.high),
        beyond=axis.beyond(score.value),
    )


def badges(row: Row, case: Case) -> tuple[str, ...]:
    """Return the short marks of a row: what it is, and what became of it."""
    said = []
    if row.is_choice:
        said.append(case.words("state.choice"))
    if row.is_reference:
        said.append(case.words("state.reference"))
    if row.state != "done":
        key = f"state.{row.state}"
        said.append(case.words(key) if key in case.words else one_line(row.state))
    return tuple(said)


def unanswered(row: Row, case: Case) -> str:
    """Return how many rows a contender left without an answer, in words."""
    missing = sum(row.missing.values())
    return case.words("state.missing", rows=missing) if missing and row.state == "done" else ""


def against_reference(row: Row, case: Case) -> str:
    """Return the word of a contender's comparison with the reference, or nothing."""
    seen = next((one for one in case.analysis.comparisons if one.name == row.name), None)
    if seen is None or row.state not in ("done", "stopped"):
        return ""
    return case.words(f"word.{seen.word}") if f"word.{seen.word}" in case.words else seen.word


def _bracketed(rows: list[BoardRow]) -> tuple[BoardRow, ...]:
    """Return the rows with the ends of each run of tied ones marked, for the bracket."""
    alone = sum(row.tied for row in rows) < 2
    marked = []
    for place, row in enumerate(rows):
        before = place > 0 and rows[place - 1].tied
        after = place + 1 < len(rows) and rows[place + 1].tied
        tied = row.tied and not alone
        first, last = tied and not before, tied and not after
        marked.append(replace(row, tied=tied, tied_first=first, tied_last=last))
    return tuple(marked)


def _legend(rows: list[Row], marks: dict[str, str], case: Case) -> tuple[Legend, ...]:
    families = dict.fromkeys(row.family for row in rows)
    return tuple(
        Legend(case.family(family), svg_path(marks[family], _MARK_RADIUS)) for family in families
    )
