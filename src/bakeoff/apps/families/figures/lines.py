"""Panels of lines, beside each other at a desk and one below the other on a telephone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bakeoff.report import numbers
from bakeoff.report.axis import decimals_of
from bakeoff.report.figures.canvas import NARROW, SMALL, WIDE, Canvas, Type, text_width
from bakeoff.report.visible import short

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from markupsafe import Markup

    from bakeoff.report.axis import Axis
    from bakeoff.report.figures.canvas import Color
    from bakeoff.report.marks import Point

_LEFT, _TOP, _BOTTOM, _GAP = 58, 66, 44, 26
_HEIGHT = 250


@dataclass(frozen=True, slots=True)
class Line:
    """One line and its look."""

    label: str
    points: tuple[Point, ...]
    color: Color
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel with its own axes.

    Args:
        title: Above it.
        lines: In it.
        across: Makes the axis that points right, between two places.
        up: Makes the axis that points up.
        across_title: Of the axis that points right.
        up_title: Of the axis that points up.
    """

    title: str
    lines: Sequence[Line]
    across: Callable[[float, float], Axis]
    up: Callable[[float, float], Axis]
    across_title: str
    up_title: str


def picture(panels: Sequence[Panel], name: str, alt: str, *, wide: bool) -> Markup:
    """Return the panels as one picture."""
    columns = len(panels) if wide else 1
    width = WIDE if wide else NARROW
    side = (width - _GAP * (columns - 1)) / columns - _LEFT
    block = _TOP + _HEIGHT + _BOTTOM
    canvas = Canvas(width, block if wide else block * len(panels))
    for number, panel in enumerate(panels):
        left = _LEFT + (number * (side + _LEFT + _GAP) if wide else 0)
        top = _TOP + (0 if wide else number * block)
        _draw(canvas, panel, (left, top), side - 6)
    return canvas.svg(name, alt)


def _draw(canvas: Canvas, panel: Panel, corner: Point, side: float) -> None:
    left, top = corner
    bottom = top + _HEIGHT
    across, up = panel.across(left, left + side), panel.up(bottom, top)
    canvas.text((left - _LEFT, top - 50), panel.title, Type(bold=True))
    _legend(canvas, panel.lines, (left - _LEFT, top - 30), side + _LEFT)
    canvas.text((left - _LEFT, top - 10), panel.up_title, Type("start", SMALL, "muted"))
    canvas.text((left + side, bottom + 36), panel.across_title, Type("end", SMALL, "muted"))
    for axis, upright in ((across, False), (up, True)):
        ticks = axis.ticks(5)
        for tick in ticks:
            place = axis.place(tick)
            ends = (
                [(left, place), (left + side, place)]
                if upright
                else [
                    (place, top),
                    (place, bottom),
                ]
            )
            canvas.line(ends, "hair")
            text = _power(tick) if axis.log else numbers.plain(tick, decimals_of(ticks))
            if upright:
                canvas.text((left - 7, place + 4), text, Type("end", SMALL, "muted"))
            else:
                canvas.text((place, bottom + 16), text, Type("middle", SMALL, "muted"))
    for line in panel.lines:
        places = [(across.place(x), up.place(y)) for x, y in line.points]
        canvas.line(places, line.color, width=1.8, dashed=line.dashed)


def _legend(canvas: Canvas, lines: Sequence[Line], at: Point, room: float) -> None:
    x, y = at
    for line in lines:
        label = short(line.label, 28)
        if x - at[0] + 24 + text_width(label, SMALL) > room:
            break
        canvas.line([(x, y - 4), (x + 18, y - 4)], line.color, width=2.2, dashed=line.dashed)
        canvas.text((x + 23, y), label, Type("start", SMALL))
        x += 23 + text_width(label, SMALL) + 8


def _power(value: float) -> str:
    text = numbers.significant(value, 1)
    return text.replace("1 \N{MULTIPLICATION SIGN} ", "") if text.startswith("1 ") else text
