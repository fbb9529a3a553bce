"""The forest plot: how far each contender lies from the reference, and what that means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bakeoff.report import numbers
from bakeoff.report.axis import decimals_of, linear
from bakeoff.report.figures.canvas import NARROW, SMALL, WIDE, Canvas, Type
from bakeoff.report.figures.palette import color_of, shape_of
from bakeoff.report.figures.view import FigureView, Table
from bakeoff.report.visible import short, two_lines
from bakeoff.report.words import capital

if TYPE_CHECKING:
    from markupsafe import Markup

    from bakeoff.report.axis import Axis
    from bakeoff.report.case import Case
    from bakeoff.report.figures.canvas import Anchor
    from bakeoff.results.analysis import Comparison

_MOST = 15
_TOP, _BOTTOM = 40, 48


def draw(case: Case) -> FigureView | None:
    """Return the forest plot, or None where nothing was compared."""
    variants = {row.name for row in case.analysis.rows if row.variant_of is not None}
    compared = [one for one in case.analysis.comparisons if one.name not in variants]
    if not compared:
        return None
    compared.sort(key=lambda one: -one.difference.value)
    reference = compared[0].against
    shown = compared[:_MOST]
    words = case.words
    notes = [
        words("forest.note", reference=case.spoken(reference, again=True), metric=_metric(case))
    ]
    if case.plan.rope is not None:
        notes.append(words("forest.note-rope", rope=case.amount(case.plan.rope)))
    alt = words(
        "forest.alt",
        n=len(shown),
        reference=case.label(reference),
        list="; ".join(_item(one, case) for one in shown),
    )
    return FigureView(
        name="forest",
        title=_title(compared, case),
        notes=tuple(notes),
        wide=_wide(shown, case, alt),
        narrow=_narrow(shown, case, alt),
        table=_table(compared, case),
    )


def _metric(case: Case) -> str:
    return case.metric(case.primary)


def _item(one: Comparison, case: Case) -> str:
    return case.words(
        "forest.alt-item",
        name=case.label(one.name),
        difference=case.signed(one.difference),
        word=case.comparison_word(one),
    )


def _title(compared: list[Comparison], case: Case) -> str:
    baselines = {row.name for row in case.analysis.rows if row.baseline}
    real = [one for one in compared if one.name not in baselines] or compared
    reference = case.spoken(compared[0].against, again=True)
    for word, key in (("better", "better"), ("equivalent", "equivalent")):
        found = [one for one in real if one.word == word]
        if found:
            best = max(found, key=lambda one: one.difference.value)
            key = key if len(found) == 1 else f"several-{key}"
            name = case.spoken(best.name, again=True)
            return capital(
                case.words(f"forest.{key}", n=len(found), name=name, reference=reference)
            )
    key = "all-worse" if all(one.word == "worse" for one in real) else "undecided"
    return case.words(f"forest.{key}", reference=reference)


def _axis(shown: list[Comparison], case: Case, start: float, end: float) -> Axis:
    """Return the axis; guessing lies far off as a rule and does not stretch it."""
    baselines = {row.name for row in case.analysis.rows if row.baseline}
    values = [0.0, case.plan.rope or 0.0, -(case.plan.rope or 0.0)]
    for one in [one for one in shown if one.name not in baselines] or shown:
        seen = one.difference
        values += [value for value in (seen.low, seen.value, seen.high) if value is not None]
    return linear(values, start, end, pad=0.06)


def _wide(shown: list[Comparison], case: Case, alt: str) -> Markup:
    step, left, right = 38, 240, 636
    height = _TOP + step * len(shown) + _BOTTOM
    canvas = Canvas(WIDE, height)
    axis = _axis(shown, case, left, right)
    _frame(canvas, axis, shown, case, [(_TOP - 6, height - _BOTTOM)])
    for number, one in enumerate(shown):
        y = _TOP + step * (number + 0.5)
        color = color_of(one.name, case)
        canvas.mark((8, y), shape_of(one.name, case), color)
        chosen = color == "choice"
        lines = two_lines(case.label(one.name), 25 if chosen else 28)
        for place, line in enumerate(lines):
            at = (22, y + 4.5 + 15 * (place - (len(lines) - 1) / 2))
            canvas.text(at, line, Type(bold=chosen))
        _whisker(canvas, axis, one, y, case)
        word = short(case.comparison_word(one), 34)
        canvas.text((right + 20, y - 2), word, Type(bold=one.word != "undecided"))
        signed = case.signed(one.difference)
        canvas.text((right + 20, y + 13), signed, Type(size=SMALL, color="muted"))
    return canvas.svg("forest", alt)


def _narrow(shown: list[Comparison], case: Case, alt: str) -> Markup:
    step, left, right = 76, 6, NARROW - 6
    canvas = Canvas(NARROW, _TOP + step * len(shown) + _BOTTOM)
    axis = _axis(shown, case, left, right)
    tops = [_TOP + step * number + 22 for number in range(len(shown))]
    _frame(canvas, axis, shown, case, [(y, y + 26) for y in tops])
    for number, one in enumerate(shown):
        y = _TOP + step * number + 16
        color = color_of(one.name, case)
        canvas.mark((8, y - 4.5), shape_of(one.name, case), color)
        label = short(case.label(one.name), 44)
        canvas.text((20, y), label, Type(bold=color == "choice", halo=True))
        _whisker(canvas, axis, one, y + 19, case)
        word, signed = case.comparison_word(one), case.signed(one.difference)
        canvas.text((2, y + 46), short(word, 34), Type(size=SMALL, bold=True, halo=True))
        muted = Type("end", SMALL, "muted", halo=True)
        canvas.text((NARROW - 2, y + 46), signed, muted)
    return canvas.svg("forest-narrow", alt)


def _frame(
    canvas: Canvas,
    axis: Axis,
    shown: list[Comparison],
    case: Case,
    strips: list[tuple[float, float]],
) -> None:
    """Draw what lies behind the intervals: band, zero line, ticks, directions.

    ``strips``: from where to where, in y, the vertical lines are drawn.
    """
    words, bottom = case.words, canvas.height - _BOTTOM
    zero = axis.place(0.0)
    if case.plan.rope:
        first, last = axis.place(-case.plan.rope), axis.place(case.plan.rope)
        for top, end in strips:
            canvas.rect((first, top), last - first, end - top, "band")
    ticks = axis.ticks(5)
    factor = 100 if case.primary.percent else 1
    decimals = decimals_of(round(factor * tick, 10) for tick in ticks)
    for tick in ticks:
        x = axis.place(tick)
        for top, end in strips:
            canvas.line([(x, top), (x, end)], "hair")
        text = numbers.plain(factor * tick, decimals)
        canvas.text((x, bottom + 18), text, Type("middle", SMALL, "muted"))
    for top, end in strips:
        canvas.line([(zero, top), (zero, end)], "against", width=1.5)
    unit = words("forest.axis-points") if case.primary.percent else _metric(case)
    middle = (axis.start + axis.end) / 2
    canvas.text((middle, bottom + 38), unit, Type("middle", SMALL, "muted"))
    reference = short(case.label(shown[0].against), 26)
    canvas.text((zero, 12), reference, Type(_lean(zero, axis), SMALL, "against", bold=True))
    # Left out where the zero line is too near for the word to keep clear of it.
    if zero - axis.start > 60:
        side = f"\N{LEFTWARDS ARROW} {words('forest.worse-side')}"
        canvas.text((zero - 8, 27), side, Type("end", SMALL, "muted"))
    if axis.end - zero > 60:
        side = f"{words('forest.better-side')} \N{RIGHTWARDS ARROW}"
        canvas.text((zero + 8, 27), side, Type("start", SMALL, "muted"))


def _lean(place: float, axis: Axis) -> Anchor:
    share = (place - axis.start) / (axis.end - axis.start)
    return "start" if share < 0.2 else "end" if share > 0.8 else "middle"


def _whisker(canvas: Canvas, axis: Axis, one: Comparison, y: float, case: Case) -> None:
    seen = one.difference
    color = color_of(one.name, case)
    off = axis.beyond(seen.value)
    if off:
        x = axis.place(seen.value)
        canvas.line([(x + off * -14, y), (x, y)], color, width=2)
        canvas.line([(x - off * 5, y - 4), (x, y), (x - off * 5, y + 4)], color, width=2)
        return
    if seen.low is not None and seen.high is not None:
        canvas.line([(axis.place(seen.low), y), (axis.place(seen.high), y)], color, width=2)
    canvas.mark((axis.place(seen.value), y), shape_of(one.name, case), color)


def _table(compared: list[Comparison], case: Case) -> Table:
    words = case.words
    head = ["board.contender", "forest.col-difference", "forest.col-word", "forest.col-p"]
    head += ["forest.col-test", "forest.col-discordant", "forest.col-learner", "forest.col-bayes"]
    return Table(
        head=tuple(words(key) for key in head),
        rows=tuple(_table_row(one, case) for one in compared),
    )


def _table_row(one: Comparison, case: Case) -> tuple[str, ...]:
    none = case.words("page.none")
    discordant, bayes = none, none
    if one.only_first_right is not None and one.only_second_right is not None:
        pair = (one.only_first_right, one.only_second_right)
        discordant = " / ".join(numbers.count(number) for number in pair)
    if one.p_better is not None and one.p_equivalent is not None and one.p_worse is not None:
        chances = (one.p_better, one.p_equivalent, one.p_worse)
        bayes = " / ".join(numbers.plain(chance, 2) for chance in chances)
    return (
        case.label(one.name),
        case.signed(one.difference),
        case.comparison_word(one),
        numbers.p_value(one.p_adjusted),
        one.test,
        discordant,
        none if one.learner_p is None else numbers.p_value(one.learner_p),
        bayes,
    )
