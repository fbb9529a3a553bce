"""What the page shows of a figure: a title that states its finding, pictures, and the numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Table:
    """Numbers behind a figure, ready to be shown."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class FigureView:
    """A figure on the page.

    Args:
        name: Unique on the page.
        title: States the finding.
        notes: How to read it.
        wide: For a desk and for paper.
        narrow: For a telephone.
        table: The numbers behind it.
        half: Whether it takes half the width, so that two may stand beside each other.
    """

    name: str
    title: str
    notes: tuple[str, ...]
    wide: Markup
    narrow: Markup
    table: Table
    half: bool = False
