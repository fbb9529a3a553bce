"""Cascades: what sending the least sure rows on gains, and what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bakeoff.report import numbers
from bakeoff.report.axis import Axis, decimals_of, linear
from bakeoff.report.figures.canvas import NARROW, SMALL, WIDE, Canvas, Type, text_width
from bakeoff.report.figures.palette import color_of
from bakeoff.report.figures.view import FigureView, Table
from bakeoff.report.visible import short
from bakeoff.report.words import capital

if TYPE_CHECKING:
    from markupsafe import Markup

    from bakeoff.report.case import Case
    from bakeoff.report.figures.canvas import Color
    from bakeoff.results.analysis import Row, Share


def draw(case: Case) -> FigureView | None:
    """Return score against share sent on, or None where there is no cascade."""
    verdict, words = case.analysis.verdict, case.words
    parts = case.cascade_parts(verdict.cascade or "")
    if parts is None or not verdict.shares:
        return None
    large = case.row(parts[1])
    label = case.spoken(parts[1], again=True)
    metric = case.metric(case.primary)
    alt = words(
        "shares.alt",
        list="; ".join(
            words(
                "shares.alt-item",
                share=numbers.percentage(one.share),
                score=case.estimate(one.score),
            )
            for one in verdict.shares
        ),
    )
    closing = verdict.closing_share
    title = (
        words("shares.open")
        if closing is None
        else words("shares.closes", share=numbers.percentage(closing))
    )
    note = words("shares.note", metric=metric, llm=label)
    return FigureView(
        name="shares",
        title=title,
        notes=(capital(note),),
        wide=_picture(case, case.row(parts[0]), large, alt, wide=True),
        narrow=_picture(case, case.row(parts[0]), large, alt, wide=False),
        table=_table(case, case.label(parts[1])),
    )


def _picture(case: Case, small: Row | None, large: Row | None, alt: str, *, wide: bool) -> Markup:
    shares = sorted(case.analysis.verdict.shares, key=lambda one: one.share)
    width, height = (WIDE, 330) if wide else (NARROW, 320)
    left, right, top, bottom = 52.0, width - 26.0, 34.0, height - 70.0
    canvas, better_up = Canvas(width, height), case.primary.higher_is_better
    across = Axis(0.0, max(one.share for one in shares) * 1.06, left + 14, right)
    values = [end for one in shares for end in _ends(one)]
    values += [row.score.value for row in (small, large) if row is not None and row.score]
    start, end = (bottom, top) if better_up else (top, bottom)
    up = linear(values, start, end, pad=0.08)
    _frame(canvas, case, up, left, right)
    curve = [(across.place(one.share), up.place(one.score.value)) for one in shares]
    below = [(across.place(one.share), one.share, one.money.per_1000) for one in shares]
    if small is not None and small.score is not None:
        curve.insert(0, (across.place(0.0), up.place(small.score.value)))
        below.insert(0, (across.place(0.0), 0.0, small.money.per_1000))
    canvas.line(curve, "muted", width=1.2)
    for one in shares:
        _point(canvas, across, up, one, case)
    _below(canvas, bottom, below)
    if small is not None and small.score is not None:
        canvas.mark(curve[0], "circle", color_of(small.name, case), radius=5)
        at = (curve[0][0] + 8, curve[0][1] + 19)
        canvas.text(at, short(case.label(small.name), 40), Type("start", 13, "ink", halo=True))
    if large is not None and large.score is not None:
        y, color = up.place(large.score.value), color_of(large.name, case)
        canvas.line([(left, y), (right, y)], color, width=1.5, dashed=True)
        set_as = Type("start", 13, color, bold=True, halo=True)
        canvas.text((left, y - 7), short(case.label(large.name), 40), set_as)
    middle = (left + right) / 2
    caption = case.words("shares.axis")
    if any(cost is not None for _, _, cost in below):
        caption += f" \N{MIDDLE DOT} {case.words('price.axis')}"
    canvas.text((middle, height - 8), caption, Type("middle", SMALL, "muted"))
    return canvas.svg("shares" if wide else "shares-narrow", alt)


def _ends(one: Share) -> list[float]:
    ends = (one.score.low, one.score.value, one.score.high)
    return [end for end in ends if end is not None]


def _frame(canvas: Canvas, case: Case, up: Axis, left: float, right: float) -> None:
    ticks = up.ticks(5)
    decimals = decimals_of(ticks)
    for tick in ticks:
        y, text = up.place(tick), numbers.plain(tick, decimals)
        canvas.line([(left, y), (right, y)], "hair")
        text = text.replace("0.", ".", 1) if case.primary.percent and tick < 1 else text
        canvas.text((left - 8, y + 4), text, Type("end", SMALL, "muted"))
    canvas.text((4, 14), case.metric(case.primary), Type("start", SMALL, "muted"))


def _below(canvas: Canvas, bottom: float, marks: list[tuple[float, float, float | None]]) -> None:
    """Write each share under the axis, and its price under that, where there is room."""
    share_end = price_end = 0.0
    for x, share, cost in marks:
        text = numbers.percentage(share)
        half = text_width(text, SMALL) / 2
        if x - half < share_end:
            continue
        share_end = x + half
        canvas.text((x, bottom + 18), text, Type("middle", SMALL))
        price = "" if cost is None else numbers.money(cost)
        half = text_width(price, SMALL) / 2
        if price and x - half >= price_end:
            price_end = x + half + 4
            canvas.text((x, bottom + 34), price, Type("middle", SMALL, "muted"))


def _point(canvas: Canvas, across: Axis, up: Axis, one: Share, case: Case) -> None:
    verdict = case.analysis.verdict
    closing = one.share == verdict.closing_share
    color: Color = "choice" if verdict.choice == verdict.cascade else "ink"
    color = color if closing else "rest"
    x, score = across.place(one.share), one.score
    if score.low is not None and score.high is not None:
        canvas.line([(x, up.place(score.low)), (x, up.place(score.high))], color, width=1.6)
    canvas.mark((x, up.place(score.value)), "cross", color, radius=6 if closing else 5)


def _table(case: Case, large: str) -> Table:
    words = case.words
    return Table(
        head=(
            words("shares.axis"),
            case.metric(case.primary),
            words("shares.col-difference", reference=large),
            words("board.cost"),
            words("board.month"),
        ),
        rows=tuple(
            (
                numbers.percentage(one.share),
                case.estimate(one.score),
                case.signed(one.difference),
                words("page.unknown")
                if one.money.per_1000 is None
                else numbers.money(one.money.per_1000),
                words("page.unknown")
                if one.money.per_month is None
                else numbers.money(one.money.per_month),
            )
            for one in case.analysis.verdict.shares
        ),
    )
