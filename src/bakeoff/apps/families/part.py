"""What every part of the page is: a section with its pictures and the numbers behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bakeoff.report.figures.view import FigureView, Table

NOTHING = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class Part:
    """A section: its heading, what it says, its figures, further tables and code."""

    name: str
    title: str
    text: str
    figures: tuple[FigureView, ...]
    tables: tuple[tuple[str, Table], ...] = ()
    missing: str = ""
    code: str = ""
