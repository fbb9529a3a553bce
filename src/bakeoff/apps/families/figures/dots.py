"""Values on one axis, a row for each name, some with an interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bakeoff.report import numbers
from bakeoff.report.axis import Axis, decimals_of
from bakeoff.report.figures.canvas import NARROW, SMALL, WIDE, Canvas, Type
from bakeoff.report.visible import short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from bakeoff.report.figures.canvas import Color

_ROW, _TOP, _BOTTOM = 26, 26, 34


@dataclass(frozen=True, slots=True)
class Dot:
    """A row: its name, its value, and a word at the right edge."""

    name: str
    value: float
    low: float | None
    high: float | None
    said: str
    color: Color
    shape: str = "circle"


def picture(
    dots: Sequence[Dot], ends: tuple[float, float], title: str, name: str, alt: str, *, wide: bool
) -> Markup:
    """Return the rows; ``ends`` are the axis's."""
    width = WIDE if wide else NARROW
    left, right = (150, 90) if wide else (96, 56)
    canvas = Canvas(width, _TOP + _ROW * len(dots) + _BOTTOM)
    axis = Axis(ends[0], ends[1], left, width - right)
    bottom = _TOP + _ROW * len(dots)
    ticks = axis.ticks(6 if wide else 4)
    for tick in ticks:
        x = axis.place(tick)
        canvas.line([(x, _TOP - 6), (x, bottom)], "hair")
        text = numbers.plain(tick, decimals_of(ticks))
        canvas.text((x, bottom + 15), text, Type("middle", SMALL, "muted"))
    canvas.text((width - right, _TOP - 12), title, Type("end", SMALL, "muted"))
    for number, dot in enumerate(dots):
        y = _TOP + _ROW * (number + 0.5)
        canvas.text((0, y + 4), short(dot.name, 22 if wide else 14), Type())
        if dot.low is not None and dot.high is not None:
            canvas.line([(axis.place(dot.low), y), (axis.place(dot.high), y)], dot.color, width=2)
        canvas.mark((axis.place(dot.value), y), dot.shape, dot.color)
        canvas.text((width, y + 4), dot.said, Type("end", SMALL))
    return canvas.svg(name, alt)
