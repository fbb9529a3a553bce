"""Square panels for one or two contenders: beside each other at a desk, stacked on a telephone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bakeoff.report import numbers
from bakeoff.report.axis import decimals_of
from bakeoff.report.figures.canvas import NARROW, SMALL, WIDE, Canvas, Type
from bakeoff.report.figures.palette import color_of, shape_of
from bakeoff.report.visible import short

if TYPE_CHECKING:
    from collections.abc import Callable

    from markupsafe import Markup

    from bakeoff.report.axis import Axis
    from bakeoff.report.case import Case

_LEFT, _TOP, _BOTTOM = 44, 52, 44
MOST_PANELS = 2


@dataclass(frozen=True, slots=True)
class Panels:
    """What stands in the panels of one picture.

    Args:
        names: One or two contenders.
        axis: Makes the axis, the same across and up, between two places.
        across: Title of the axis that points right.
        up: Title of the axis that points up.
        fill: Draws a contender's marks on a canvas between its two axes.
    """

    names: list[str]
    axis: Callable[[float, float], Axis]
    across: str
    up: str
    fill: Callable[[Canvas, str, Axis, Axis], None]

    def picture(self, case: Case, name: str, alt: str, *, wide: bool) -> Markup:
        """Return the picture."""
        side = (WIDE / 2 - _LEFT - 20) if wide else NARROW - _LEFT - 10
        block = _TOP + side + _BOTTOM
        canvas = Canvas(WIDE if wide else NARROW, block if wide else block * len(self.names) + 2)
        for number, contender in enumerate(self.names):
            left = _LEFT + (WIDE / 2 * number if wide else 0)
            top = _TOP + (0 if wide else block * number)
            self._panel(canvas, case, contender, (left, top), side)
        return canvas.svg(name, alt)

    def _panel(
        self, canvas: Canvas, case: Case, name: str, corner: tuple[float, float], side: float
    ) -> None:
        left, top = corner
        across, up = self.axis(left, left + side), self.axis(top + side, top)
        color = color_of(name, case)
        canvas.mark((left + 6, top - 38), shape_of(name, case), color)
        canvas.text((left + 18, top - 33), short(case.label(name), 38), Type(bold=True))
        canvas.text((left - 38, top - 13), self.up, Type("start", SMALL, "muted"))
        end = Type("end", SMALL, "muted")
        canvas.text((left + side, top + side + 36), self.across, end)
        ticks = across.ticks(5)
        decimals = decimals_of(ticks)
        for tick in ticks:
            x, y, text = across.place(tick), up.place(tick), numbers.plain(tick, decimals)
            canvas.line([(x, top), (x, top + side)], "hair")
            canvas.line([(left, y), (left + side, y)], "hair")
            canvas.text((x, top + side + 16), text, Type("middle", SMALL, "muted"))
            canvas.text((left - 7, y + 4), text, end)
        canvas.line([(left, top + side), (left + side, top)], "muted", dashed=True)
        self.fill(canvas, name, across, up)
