"""A sheet in pixels, drawn by matplotlib into an SVG that takes its colours and font from the page.

Three things differ from a plain ``savefig``. Colours are placeholders that become CSS variables,
so that one picture serves light and dark. Text never reaches matplotlib but is written by us, above
the shapes: no user's text is measured, typeset as mathematics or warned about for a missing glyph.
Ids carry the figure's name, so that figures can share a page.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import matplotlib as mpl
from markupsafe import Markup
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle

from bakeoff.report.marks import SHAPES
from bakeoff.report.visible import columns, one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bakeoff.report.marks import Point

Anchor = Literal["start", "middle", "end"]
Color = Literal["ink", "muted", "hair", "paper", "band", "choice", "against", "rest"]
_COLORS: tuple[Color, ...] = (
    "ink", "muted", "hair", "paper", "band", "choice", "against", "rest"
)  # fmt: skip
_PLACEHOLDERS = {name: f"#0a0b{index:02x}" for index, name in enumerate(_COLORS)}
WIDE, NARROW = 900, 360
"""Widths in pixels of the picture for a desk and for a telephone."""
SMALL, TEXT = 12.0, 13.5


@dataclass(frozen=True, slots=True)
class Type:
    """How a line of text is set; ``halo``: with a rim of the page's colour around it."""

    anchor: Anchor = "start"
    size: float = TEXT
    color: Color = "ink"
    bold: bool = False
    halo: bool = False

    def set(self, text: str, x: str, y: str) -> Markup:
        """Return ``text`` as an SVG element at ``x``, ``y``; it is escaped."""
        classes = " ".join(name for name in ("b" * self.bold, "halo" * self.halo) if name)
        return Markup(
            '<text x="{}" y="{}" text-anchor="{}" font-size="{:g}" class="{}" '
            'style="fill: var(--{}-text)">{}</text>'
        ).format(x, y, self.anchor, self.size, classes, self.color, text)


class Canvas:
    """A sheet of ``width`` x ``height`` pixels; x points right, y points down."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._figure = Figure(figsize=(width / 72, height / 72), dpi=72, frameon=False)
        FigureCanvasSVG(self._figure)
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()
        self._axes.set_xlim(0, width)
        self._axes.set_ylim(height, 0)
        self._texts: list[Markup] = []
        self._depth = 0

    def line(
        self,
        points: Sequence[Point],
        color: Color = "ink",
        *,
        width: float = 1.0,
        dashed: bool = False,
    ) -> None:
        """Draw a line through ``points``."""
        xs, ys = zip(*points, strict=True)
        line = Line2D(
            xs, ys, color=_PLACEHOLDERS[color], linewidth=width, clip_on=False,
            linestyle=(0, (4, 3)) if dashed else "-", solid_capstyle="butt", zorder=self._next(),
        )  # fmt: skip
        self._axes.add_line(line)

    def rect(
        self, corner: Point, width: float, height: float, color: Color, *, opacity: float = 1.0
    ) -> None:
        """Fill a rectangle whose upper left corner is ``corner``."""
        patch = Rectangle(
            corner, width, height, facecolor=_PLACEHOLDERS[color], edgecolor="none",
            alpha=None if opacity >= 1 else opacity, clip_on=False, zorder=self._next(),
        )  # fmt: skip
        self._axes.add_patch(patch)

    def mark(self, at: Point, shape: str, color: Color, *, radius: float = 5.0) -> None:
        """Draw a shape mark, set off from what lies beneath it."""
        corners = [(at[0] + radius * x, at[1] + radius * y) for x, y in SHAPES[shape]]
        patch = Polygon(
            corners, closed=True, facecolor=_PLACEHOLDERS[color],
            edgecolor=_PLACEHOLDERS["paper"], linewidth=1.0, clip_on=False, zorder=self._next(),
        )  # fmt: skip
        self._axes.add_patch(patch)

    def dots(self, points: Sequence[Point], color: Color, *, radius: float, opacity: float) -> None:
        """Draw many equal dots; they are stored once and referred to."""
        xs, ys = zip(*points, strict=True)
        dots = Line2D(
            xs, ys, linestyle="none", marker="o", markersize=2 * radius, clip_on=False,
            markerfacecolor=_PLACEHOLDERS[color], markeredgecolor="none", alpha=opacity,
            zorder=self._next(),
        )  # fmt: skip
        self._axes.add_line(dots)

    def text(self, at: Point, text: str, type_: Type = Type()) -> None:
        """Write one line above all that is drawn; ``at`` is on its base line."""
        self._texts.append(type_.set(one_line(text), f"{at[0]:.1f}", f"{at[1]:.1f}"))

    def svg(self, name: str, alt: str) -> Markup:
        """Return the picture as an ``<svg>`` element that stands in a page.

        Args:
            name: Prefix of all ids in it; no other picture on the page may have it.
            alt: What a reader who cannot see it is told.
        """
        # Read while it draws, there are no arguments for them; a user's style must not show.
        with mpl.rc_context(
            {"svg.fonttype": "none", "svg.hashsalt": name, "savefig.bbox": None, "path.snap": False}
        ):
            buffer = io.StringIO()
            self._figure.savefig(buffer, format="svg", metadata=_NO_METADATA)
        drawn = Markup(_clean(buffer.getvalue(), name))  # noqa: S704 - shapes only, drawn by us
        head = Markup('<svg viewBox="0 0 {} {}" role="img" aria-label="{}">').format(
            f"{self.width:g}", f"{self.height:g}", one_line(alt)
        )
        return head + drawn + Markup("").join(self._texts) + Markup("</svg>")

    def _next(self) -> int:
        self._depth += 1
        return self._depth


_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}
_DRAWING_ID = re.compile(r' id="(?:figure|axes|patch|line2d|text)_\d+"')
_NUMBER = re.compile(r"-?\d+\.\d{2,}")


def _clean(svg: str, name: str) -> str:
    """Return the inside of matplotlib's SVG: short, without ids of its own, in our colours."""
    inside = svg[svg.index("<g id=") : svg.rindex("</svg>")]
    inside = _DRAWING_ID.sub("", inside)
    inside = _NUMBER.sub(lambda match: f"{float(match[0]):.2f}".rstrip("0").rstrip("."), inside)
    for color, placeholder in _PLACEHOLDERS.items():
        inside = inside.replace(placeholder, f"var(--{color})")
    for before, after in (
        (r'\bid="', f'id="{name}-'),
        (r'\b(?:xlink:)?href="#', f'href="#{name}-'),
        (r"url\(#", f"url(#{name}-"),
        (r"\s*\n\s*", " "),
    ):
        inside = re.sub(before, after, inside)
    return inside


def text_width(text: str, size: float) -> float:
    """Return about how many pixels a text takes in a sans-serif font (a little too many)."""
    return columns(text) * size * 0.56
