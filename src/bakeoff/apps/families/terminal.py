"""The short form for a terminal: the table, and a line for each other part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bakeoff.apps.families.page import words
from bakeoff.apps.families.views import architecture_table, parts
from bakeoff.report.visible import columns, short

if TYPE_CHECKING:
    from bakeoff.apps.families.record import Families

WIDTH = 100
_COLUMNS = (0, 2, 4, 5, 6, 7, 9, 10, 11)
"""Of the page's table; the others do not fit."""


def render_terminal(families: Families, lang: str = "en") -> list[str]:
    """Return lines of at most `WIDTH` columns, fewer than 40.

    Raises:
        UsageError: There are no words in that language.
    """
    w = words(lang)
    table = architecture_table(families, w)
    rows = [[row[at] for at in _COLUMNS] for row in (table.head, *table.rows)]
    widths = [max(columns(row[at]) for row in rows) for at in range(len(_COLUMNS))]
    found = [short("  ".join(map(_padded, row, widths)).rstrip(), WIDTH) for row in rows]
    for part in parts(families, w):
        found.append("")
        found += [short(f"{part.title}: {figure.title}", WIDTH) for figure in part.figures[:1]]
        found += [short(part.missing, WIDTH)] if part.missing else []
    return found


def _padded(text: str, width: int) -> str:
    return text + " " * (width - columns(text))
