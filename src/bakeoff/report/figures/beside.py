"""Names beside their points, moved apart where the points lie close together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bakeoff.report.figures.canvas import Type, text_width

if TYPE_CHECKING:
    from bakeoff.report.figures.canvas import Canvas, Color
    from bakeoff.report.marks import Point

_GAP = 14.0
"""From a point to its name."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name and the point that bears it."""

    at: Point
    text: str
    color: Color
    lifted: bool = False
    """Whether a line runs through the point, so that the name stands above it."""

    @property
    def height(self) -> float:
        """Where the name stands if nothing is in its way."""
        return self.at[1] - 11 if self.lifted else self.at[1]


def write_beside(
    canvas: Canvas, names: list[Name], room: tuple[float, float, float, float], *, size: float
) -> None:
    """Write names to the right of their points, to the left where there is no room.

    Names that would cover each other are moved up and down, in the order of their points, and a
    thin line leads from the point to a name that was moved.

    Args:
        canvas: What is written on.
        names: The names.
        room: Left, top, right and bottom of where they may stand.
        size: Of the letters.
    """
    sides: dict[bool, list[Name]] = {True: [], False: []}
    for name in names:
        width = text_width(name.text, size)
        sides[name.at[0] + _GAP + width <= room[2] or name.at[0] - _GAP - width < 0].append(name)
    for to_right, group in sides.items():
        ordered = sorted(group, key=lambda name: (name.height, name.at[0]))
        for name, y in zip(ordered, _apart(ordered, room, size), strict=True):
            _write(canvas, name, y, size, to_right=to_right)


def _write(canvas: Canvas, name: Name, y: float, size: float, *, to_right: bool) -> None:
    way = 1 if to_right else -1
    x = name.at[0] + way * _GAP
    if abs(y - name.height) > size * 0.6:
        canvas.line([name.at, (x - way * 2, y)], "rest", width=0.7)
    marked = name.color != "rest"
    set_as = Type(
        anchor="start" if to_right else "end",
        size=size,
        color=name.color if marked else "ink",
        bold=marked,
        halo=True,
    )
    canvas.text((x, y + size * 0.35), name.text, set_as)


def _apart(names: list[Name], room: tuple[float, float, float, float], size: float) -> list[float]:
    """Return the heights of names, from the top down, so that none covers another."""
    step = size + 3
    heights = [min(max(name.height, room[1]), room[3]) for name in names]
    spans = [(name.at[0], name.at[0] + _GAP + text_width(name.text, size)) for name in names]
    for _ in range(40):
        moved = False
        for one in range(len(names)):
            for other in range(one + 1, len(names)):
                meet = spans[one][0] < spans[other][1] and spans[other][0] < spans[one][1]
                # Below a lifted name runs a line, which the next name keeps clear of too.
                wanted = step + 7 * (names[one].lifted and not names[other].lifted)
                short_by = wanted - (heights[other] - heights[one])
                if not meet or short_by <= 0.01 or heights[other] - heights[one] < -step:
                    continue
                heights[one] = max(heights[one] - short_by / 2, room[1])
                heights[other] = min(heights[one] + wanted, room[3])
                moved = True
        if not moved:
            break
    return heights
