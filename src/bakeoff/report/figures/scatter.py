"""Predicted against true numbers, for regression."""

from __future__ import annotations

from statistics import fmean, median
from typing import TYPE_CHECKING

from bakeoff.report import numbers
from bakeoff.report.axis import linear
from bakeoff.report.figures.palette import color_of
from bakeoff.report.figures.panels import MOST_PANELS, Panels
from bakeoff.report.figures.view import FigureView, Table
from bakeoff.report.visible import short

if TYPE_CHECKING:
    from bakeoff.report.axis import Axis
    from bakeoff.report.case import Case
    from bakeoff.report.figures.canvas import Canvas
    from bakeoff.report.marks import Point

_BANDS = 5


def draw(case: Case) -> FigureView | None:
    """Return the scatter of the first one or two contenders that have one."""
    points = {name: pairs for name, pairs in case.analysis.scatter.items() if pairs}
    names = list(points)[:MOST_PANELS]
    if not names:
        return None
    words, target = case.words, short(case.plan.task.target, 30)
    values = [value for name in names for pair in points[name] for value in pair]

    def fill(canvas: Canvas, name: str, across: Axis, up: Axis) -> None:
        places = [(across.place(truth), up.place(guess)) for truth, guess in points[name]]
        canvas.dots(places, color_of(name, case), radius=2.2, opacity=0.45)

    panels = Panels(
        names=names,
        axis=lambda start, end: linear(values, start, end),
        across=words("scatter.x", target=target),
        up=words("scatter.y"),
        fill=fill,
    )
    near = numbers.significant(_near(points[names[0]]), 2)
    alt = " ".join(
        words(
            "scatter.alt",
            name=case.label(name),
            target=target,
            n=len(points[name]),
            near=numbers.significant(_near(points[name]), 2),
        )
        for name in names
    )
    return FigureView(
        name="scatter",
        title=words("scatter.title", name=case.label(names[0]), near=near),
        notes=(words("scatter.note", n=len(points[names[0]])),),
        wide=panels.picture(case, "scatter", alt, wide=True),
        narrow=panels.picture(case, "scatter-narrow", alt, wide=False),
        table=_table({name: points[name] for name in names}, target, case),
    )


def _near(pairs: tuple[Point, ...]) -> float:
    return median(abs(guess - truth) for truth, guess in pairs)


def _table(points: dict[str, tuple[Point, ...]], target: str, case: Case) -> Table:
    """Return mean prediction and error in a few bands of the truth (the points would be many)."""
    words = case.words
    rows = []
    for name, pairs in points.items():
        ordered = sorted(pairs)
        size = -(-len(ordered) // _BANDS)
        for band in (ordered[at : at + size] for at in range(0, len(ordered), size)):
            truths = [numbers.significant(edge, 3) for edge in (band[0][0], band[-1][0])]
            errors = fmean(abs(guess - truth) for truth, guess in band)
            rows.append(
                (
                    case.label(name),
                    words("reliability.bin", low=truths[0], high=truths[1]),
                    numbers.count(len(band)),
                    numbers.significant(fmean(guess for _, guess in band), 3),
                    numbers.significant(errors, 2),
                )
            )
    head = ("confusion.col-count", "scatter.col-mean", "scatter.col-error")
    return Table(
        head=(
            words("board.contender"),
            words("scatter.band", target=target),
            *(words(key) for key in head),
        ),
        rows=tuple(rows),
    )
