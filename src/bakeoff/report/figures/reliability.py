"""Reliability: how sure a contender was against how often it was right."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from bakeoff.report import numbers
from bakeoff.report.axis import Axis
from bakeoff.report.figures.palette import color_of
from bakeoff.report.figures.panels import MOST_PANELS, Panels
from bakeoff.report.figures.view import FigureView, Table

if TYPE_CHECKING:
    from bakeoff.report.case import Case
    from bakeoff.report.figures.canvas import Canvas
    from bakeoff.results.analysis import ReliabilityBin

    Bins = tuple[ReliabilityBin, ...]


def draw(case: Case) -> FigureView | None:
    """Return the reliability of the first one or two contenders that have any."""
    bins = {
        name: tuple(one for one in case.analysis.reliability[name] if one.n > 0)
        for name in [name for name in case.analysis.reliability if case.analysis.reliability[name]]
    }
    names = [name for name in bins if bins[name]][:MOST_PANELS]
    if not names:
        return None
    words = case.words
    seen = [one for name in names for one in bins[name]]
    lowest = min(min(one.mean_confidence, _low(one)) for one in seen)
    # Two classes never have less than a half: the empty part of the square is left out.
    lowest = math.floor(lowest * 10 - 0.2) / 10 if lowest > 0.2 else 0.0

    def fill(canvas: Canvas, name: str, across: Axis, up: Axis) -> None:
        most, color = max(one.n for one in bins[name]), color_of(name, case)
        for one in bins[name]:
            x, seen = across.place(one.mean_confidence), one.accuracy
            if seen.low is not None and seen.high is not None:
                canvas.line([(x, up.place(seen.low)), (x, up.place(seen.high))], color, width=1.6)
            radius = 2.5 + 5.5 * (one.n / most) ** 0.5
            canvas.mark((x, up.place(seen.value)), "circle", color, radius=radius)

    panels = Panels(
        names=names,
        axis=lambda start, end: Axis(lowest, 1.0, start, end),
        across=words("reliability.x"),
        up=words("reliability.y"),
        fill=fill,
    )
    alt = " ".join(_alt(name, bins[name], case) for name in names)
    return FigureView(
        name="reliability",
        title=_title(names[0], bins[names[0]], case),
        notes=(words("reliability.note"),),
        wide=panels.picture(case, "reliability", alt, wide=True),
        narrow=panels.picture(case, "reliability-narrow", alt, wide=False),
        table=_table(bins, names, case),
    )


def _alt(name: str, bins: Bins, case: Case) -> str:
    items = [
        case.words(
            "reliability.alt-item",
            confidence=_two(one.mean_confidence),
            accuracy=_two(one.accuracy.value),
        )
        for one in bins
    ]
    return case.words("reliability.alt", name=case.label(name), list="; ".join(items))


def _low(one: ReliabilityBin) -> float:
    return one.accuracy.value if one.accuracy.low is None else one.accuracy.low


def _two(share: float) -> str:
    return numbers.score(share, 0.05, percent=True)


def _title(name: str, bins: Bins, case: Case) -> str:
    """Return the title; a bin whose interval misses the diagonal tells, the fullest of them."""
    off = [
        one
        for one in bins
        if one.accuracy.low is not None
        and one.accuracy.high is not None
        and not one.accuracy.low <= one.mean_confidence <= one.accuracy.high
    ]
    label = case.label(name)
    if not off:
        return case.words("reliability.good", name=label)
    worst = max(off, key=lambda one: one.n)
    over = worst.mean_confidence > worst.accuracy.value
    return case.words(
        "reliability.over" if over else "reliability.under",
        name=label,
        confidence=_two(worst.mean_confidence),
        accuracy=_two(worst.accuracy.value),
    )


def _table(bins: dict[str, Bins], names: list[str], case: Case) -> Table:
    words = case.words
    return Table(
        head=(
            words("board.contender"), words("reliability.x"), words("confusion.col-count"),
            words("reliability.y"),
        ),
        rows=tuple(
            (
                case.label(name),
                words("reliability.bin", low=_two(one.low), high=_two(one.high)),
                numbers.count(one.n),
                numbers.interval(
                    one.accuracy.value, one.accuracy.low, one.accuracy.high, percent=True
                ),
            )
            for name in names
            for one in bins[name]
        ),
    )  # fmt: skip
