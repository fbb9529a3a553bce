"""Price against score: what one pays for what one gets, and who is worth the money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bakeoff.report import numbers
from bakeoff.report.axis import decimals_of, linear, logarithmic
from bakeoff.report.figures.canvas import NARROW, SMALL, WIDE, Canvas, Type, text_width
from bakeoff.report.figures.palette import color_of, shape_of
from bakeoff.report.figures.view import FigureView, Table
from bakeoff.report.visible import short

if TYPE_CHECKING:
    from markupsafe import Markup

    from bakeoff.report.axis import Axis
    from bakeoff.report.case import Case
    from bakeoff.report.marks import Point
    from bakeoff.results.analysis import Row

    Box = tuple[float, float, float, float]

_AS_GOOD = ("equivalent", "better-trivially")


def draw(case: Case) -> FigureView | None:
    """Return price against score, or None where fewer than two prices are known."""
    priced = [row for row in case.ranked if (row.money.per_1000 or 0.0) > 0]
    if len(priced) < 2:
        return None
    words = case.words
    unknown = [case.label(row.name) for row in case.ranked if row not in priced]
    notes = [words("price.note")]
    if unknown:
        notes.append(words("price.note-unknown", names=words.listing(unknown)))
    alt = words("price.alt", list="; ".join(_item(row, case) for row in priced))
    return FigureView(
        name="price",
        title=_title(case),
        notes=tuple(notes),
        wide=_picture(priced, case, "price", alt, wide=True),
        narrow=_picture(priced, case, "price-narrow", alt, wide=False),
        table=_table(priced, case),
    )


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
    names = {"choice": case.label(choice.name), "against": case.label(against.name)}
    return words("price.plain") if said == "1" else words(f"price.{key}", factor=said, **names)


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
    left, right, top, bottom = 52, width - 24, 30, height - 52
    canvas = Canvas(width, height)
    costs = [cost for row in priced for cost in (_cost(row), *_ends(row)) if cost > 0]
    across = logarithmic(costs, left, right)
    up = _score_axis(priced, bottom, top)
    _frame(canvas, across, up, case)
    _steps(canvas, across, up, front(priced, higher_is_better=case.primary.higher_is_better))
    places: list[tuple[Row, Point]] = []
    for row in priced:
        at = (across.place(_cost(row)), up.place(_score(row)))
        places.append((row, at))
        _bars(canvas, across, up, row, case)
    taken: list[Box] = [(x - 8, y - 8, x + 8, y + 8) for _, (x, y) in places]
    # The choice and the reference get the best places for their names.
    places.sort(key=lambda place: color_of(place[0].name, case) == "rest")
    for row, at in places:
        color = color_of(row.name, case)
        canvas.mark(at, shape_of(row.name, case), color, radius=6 if wide else 5)
        label = short(case.label(row.name), 34 if wide else 20)
        size = 13.0 if wide else 12.0
        anchor_at = _free_place(at, text_width(label, size), taken, (2, 0, width - 2, bottom))
        set_as = Type(
            "start", size, "ink" if color == "rest" else color, color != "rest", halo=True
        )
        canvas.text(anchor_at, label, set_as)
    return canvas.svg(name, alt)


def _ends(row: Row) -> tuple[float, ...]:
    return tuple(end for end in (row.money.per_1000_low, row.money.per_1000_high) if end)


def _score_axis(priced: list[Row], bottom: float, top: float) -> Axis:
    """Return the upward axis; guessing does not stretch it where others are shown."""
    shown = [row for row in priced if not row.baseline]
    values = []
    for row in shown if len(shown) > 1 else priced:
        if row.score is not None:
            ends = (row.score.low, row.score.value, row.score.high)
            values += [value for value in ends if value is not None]
    return linear(values, bottom, top, pad=0.08)


def _frame(canvas: Canvas, across: Axis, up: Axis, case: Case) -> None:
    muted = Type("middle", SMALL, "muted")
    for tick in across.ticks(7 if canvas.width == WIDE else 4):
        x = across.place(tick)
        canvas.line([(x, up.end), (x, up.start)], "hair")
        canvas.text((x, up.start + 18), numbers.money(tick), muted)
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
    canvas.text((middle, up.start + 40), case.words("price.axis"), muted)


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


def _free_place(at: Point, width: float, taken: list[Box], room: Box) -> Point:
    """Return where a name of this width stands beside its point with the least overlap."""
    x, y = at
    tries = [
        (x + 11, y - 7), (x + 11, y + 16), (x - 11 - width, y - 7), (x - 11 - width, y + 16),
        (x - width / 2, y - 14), (x - width / 2, y + 24), (x + 11, y - 22), (x + 11, y + 31),
        (x - 11 - width, y - 22), (x - 11 - width, y + 31),
    ]  # fmt: skip
    best = min(
        (_box(place, width) for place in tries),
        key=lambda box: sum(_overlap(box, other) for other in taken) + 3 * _outside(box, room),
    )
    taken.append(best)
    return min(max(best[0], room[0]), max(room[0], room[2] - width)), best[3] - 3


def _box(base: Point, width: float) -> Box:
    return (base[0], base[1] - 11, base[0] + width, base[1] + 3)


def _overlap(one: Box, other: Box) -> float:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return max(across, 0.0) * max(down, 0.0)


def _outside(box: Box, room: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1]) - _overlap(box, room)


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
