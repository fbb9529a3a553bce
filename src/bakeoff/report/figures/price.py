"""Price against score: what one pays for what one gets, and who is worth the money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bakeoff.report import numbers
from bakeoff.report.axis import decimals_of, linear, logarithmic
from bakeoff.report.figures.beside import Name, write_beside
from bakeoff.report.figures.canvas import NARROW, SMALL, WIDE, Canvas, Type
from bakeoff.report.figures.palette import color_of, shape_of
from bakeoff.report.figures.view import FigureView, Table
from bakeoff.report.visible import short
from bakeoff.report.words import capital

if TYPE_CHECKING:
    from markupsafe import Markup

    from bakeoff.report.axis import Axis
    from bakeoff.report.case import Case
    from bakeoff.report.marks import Point
    from bakeoff.results.analysis import Row

_FROM_TOP = 30
_AS_GOOD = ("equivalent", "better-trivially")


def draw(case: Case) -> FigureView | None:
    """Return price against score, or None where the prices that matter are not known."""
    all_priced = [row for row in case.drawn if (row.money.per_1000 or 0.0) > 0]
    if len(all_priced) < 2 or missing(case):
        return None
    words = case.words
    priced = [row for row in all_priced if not row.baseline or row.is_choice]
    priced = priced if len(priced) > 1 else all_priced
    unknown = [case.label(row.name) for row in case.drawn if row not in all_priced]
    notes = [words("price.note")]
    if len(priced) < len(all_priced):
        notes.append(words("price.note-guessing"))
    if unknown:
        notes.append(words("price.note-unknown", names=words.listing(unknown)))
    alt = words("price.alt", list="; ".join(_item(row, case) for row in priced))
    return FigureView(
        name="price",
        title=_title(case),
        notes=tuple(notes),
        wide=_picture(priced, case, "price", alt, wide=True),
        narrow=_picture(priced, case, "price-narrow", alt, wide=False),
        table=_table(all_priced, case),
    )


def missing(case: Case) -> list[str]:
    """Return which of the choice and what it is compared with have no known price."""
    rows = [row for row in (case.choice, case.against) if row is not None]
    return [case.spoken(row.name, again=True) for row in rows if row.money.per_1000 is None]


def _cost(row: Row) -> float:
    return row.money.per_1000 or 0.0


def _score(row: Row) -> float:
    return row.score.value if row.score is not None else float("nan")


def _item(row: Row, case: Case) -> str:
    return case.words(
        "price.alt-item",
        name=case.label(row.name),
        money=numbers.money(_cost(row)),
        score=case.estimate(row.score),
    )


def _title(case: Case) -> str:
    words, choice, against = case.words, case.choice, case.against
    if choice is None or against is None or not _cost(choice) or not _cost(against):
        return words("price.plain")
    factor = _cost(against) / _cost(choice)
    word = case.analysis.verdict.word
    if factor >= 1:
        key = "cheaper-as-good" if word in _AS_GOOD else "cheaper"
        key = "cheaper-better" if word == "better" else key
    else:
        key = "dearer-better" if word == "better" else "dearer"
    said = numbers.times(max(factor, 1 / factor))
    if said == "1":
        return words("price.plain")
    part = f"1/{said}" if factor >= 10 else numbers.percentage(1 / factor)
    names = {"choice": case.spoken(choice.name, again=True)}
    names["against"] = case.spoken(against.name, again=True)
    return capital(words(f"price.{key}", factor=said, part=part, **names))


def front(rows: list[Row], *, higher_is_better: bool) -> list[Row]:
    """Return the rows that no cheaper row reaches, cheapest first."""
    sign = 1 if higher_is_better else -1
    kept: list[Row] = []
    for row in sorted(rows, key=lambda row: (_cost(row), -sign * _score(row))):
        if not kept or sign * _score(row) > sign * _score(kept[-1]):
            kept.append(row)
    return kept


def _picture(priced: list[Row], case: Case, name: str, alt: str, *, wide: bool) -> Markup:
    width, height = (WIDE, 430) if wide else (NARROW, 380)
    left, right, top, bottom = 52, width - 24, _FROM_TOP, height - 52
    canvas = Canvas(width, height)
    costs = [cost for row in priced for cost in (_cost(row), *_ends(row)) if cost > 0]
    across = logarithmic(costs, left, right)
    better = case.primary.higher_is_better
    up = _score_axis(priced, bottom, top, higher_is_better=better)
    _frame(canvas, across, up, case)
    best = front(priced, higher_is_better=better)
    _steps(canvas, across, up, best)
    for row in priced:
        _bars(canvas, across, up, row, case)
    names = [
        Name(
            at=(across.place(_cost(row)), up.place(_score(row))),
            text=short(case.label(row.name), 34 if wide else 21),
            color=color_of(row.name, case),
            lifted=row in best,
        )
        for row in priced
    ]
    write_beside(canvas, names, (left, top - 12, width - 2, bottom - 4), size=13 if wide else 12)
    for row, name_ in zip(priced, names, strict=True):
        canvas.mark(name_.at, shape_of(row.name, case), name_.color, radius=6 if wide else 5)
    return canvas.svg(name, alt)


def _ends(row: Row) -> tuple[float, ...]:
    return tuple(end for end in (row.money.per_1000_low, row.money.per_1000_high) if end)


def _score_axis(priced: list[Row], bottom: float, top: float, *, higher_is_better: bool) -> Axis:
    """Return the axis on which the better score lies higher."""
    values = []
    for row in priced:
        if row.score is not None:
            ends = (row.score.low, row.score.value, row.score.high)
            values += [value for value in ends if value is not None]
    start, end = (bottom, top) if higher_is_better else (top, bottom)
    return linear(values, start, end, pad=0.08)


def _frame(canvas: Canvas, across: Axis, up: Axis, case: Case) -> None:
    muted, bottom = Type("middle", SMALL, "muted"), max(up.start, up.end)
    for tick in across.ticks(7 if canvas.width == WIDE else 4):
        x = across.place(tick)
        canvas.line([(x, _FROM_TOP), (x, bottom)], "hair")
        canvas.text((x, bottom + 18), numbers.money(tick), muted)
    ticks = up.ticks(5)
    decimals = decimals_of(ticks)
    for tick in ticks:
        y = up.place(tick)
        canvas.line([(across.start, y), (across.end, y)], "hair")
        text = numbers.plain(tick, decimals)
        text = text.replace("0.", ".", 1) if case.primary.percent and tick < 1 else text
        canvas.text((across.start - 8, y + 4), text, Type("end", SMALL, "muted"))
    canvas.text((4, 14), case.metric(case.primary), Type("start", SMALL, "muted"))
    middle = (across.start + across.end) / 2
    canvas.text((middle, bottom + 40), case.words("price.axis"), muted)


def _steps(canvas: Canvas, across: Axis, up: Axis, rows: list[Row]) -> None:
    points: list[Point] = []
    for row in rows:
        x, y = across.place(_cost(row)), up.place(_score(row))
        if points:
            points.append((x, points[-1][1]))
        points.append((x, y))
    points.append((across.end, points[-1][1]))
    canvas.line(points, "muted", width=1.2)


def _bars(canvas: Canvas, across: Axis, up: Axis, row: Row, case: Case) -> None:
    color, score = color_of(row.name, case), row.score
    x, y = across.place(_cost(row)), up.place(_score(row))
    if score is not None and score.low is not None and score.high is not None:
        canvas.line([(x, up.place(score.low)), (x, up.place(score.high))], color, width=1.6)
    ends = _ends(row)
    if len(ends) == 2:
        canvas.line([(across.place(end), y) for end in ends], color, width=1.6)


def _table(priced: list[Row], case: Case) -> Table:
    words = case.words
    best = front(priced, higher_is_better=case.primary.higher_is_better)
    head = ("board.contender", "board.cost", "board.month")
    return Table(
        head=(*(words(key) for key in head), _metric(case), words("price.col-front")),
        rows=tuple(
            (
                case.label(row.name),
                numbers.money(_cost(row)),
                words("page.none")
                if row.money.per_month is None
                else numbers.money(row.money.per_month),
                case.estimate(row.score),
                words("price.yes") if row in best else "",
            )
            for row in sorted(priced, key=_cost)
        ),
    )


def _metric(case: Case) -> str:
    return case.metric(case.primary)
