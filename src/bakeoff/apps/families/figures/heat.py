"""Maps of attention: what each token takes in from each, darker where it takes more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bakeoff.report.figures.canvas import NARROW, SMALL, WIDE, Canvas, Type
from bakeoff.report.visible import short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from bakeoff.apps.families.record import Map

_LEFT, _TOP, _GAP = 76, 40, 20
_LEAST = 0.02
"""Shares below this are left white: they would make the picture large and show nothing."""


def picture(
    maps: Sequence[Map], titles: Sequence[str], name: str, alt: str, *, wide: bool
) -> Markup:
    """Return up to three maps beside each other, or one below the other on a telephone."""
    columns = len(maps) if wide else 1
    width = WIDE if wide else NARROW
    side = min(260.0, (width - _GAP * (columns - 1)) / columns - _LEFT)
    block = _TOP + side + 74
    canvas = Canvas(width, block * (1 if wide else len(maps)))
    for number, (one, title) in enumerate(zip(maps, titles, strict=True)):
        left = _LEFT + (number * (side + _LEFT + _GAP) if wide else 0)
        top = _TOP + (0 if wide else number * block)
        _draw(canvas, one, title, (left, top), side)
    return canvas.svg(name, alt)


def _draw(canvas: Canvas, one: Map, title: str, corner: tuple[float, float], side: float) -> None:
    left, top = corner
    cell = side / len(one.tokens)
    canvas.text((left - _LEFT, top - 18), title, Type(bold=True))
    canvas.rect((left, top), side, side, "band", opacity=0.5)
    for row, shares in enumerate(one.shares):
        canvas.text((left - 5, top + (row + 0.72) * cell), short(one.tokens[row], 10), _LABEL_ROW)
        for column, share in enumerate(shares):
            if share >= _LEAST:
                place = (left + column * cell, top + row * cell)
                canvas.rect(place, cell - 0.6, cell - 0.6, "choice", opacity=min(0.99, share**0.6))
    for column, token in enumerate(one.tokens):
        # Upright labels would need turned text: every other one stands a line lower.
        place = (left + (column + 0.5) * cell, top + side + 12 + 11 * (column % 4))
        canvas.text(place, short(token, 9), _LABEL_COLUMN)


_LABEL_ROW = Type("end", SMALL - 2, "muted")
_LABEL_COLUMN = Type("middle", SMALL - 3, "muted")
