"""The same as a page of the documentation: Markdown, with its pictures as SVG files beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bakeoff.apps.families.page import made_with, words
from bakeoff.apps.families.views import parts
from bakeoff.core.files import write_atomic

if TYPE_CHECKING:
    from pathlib import Path

    from bakeoff.apps.families.record import Families
    from bakeoff.report.figures.view import Table

_STYLE = """<style>
svg { --paper: #fff; --ink: #181b1f; --muted: #5d6671; --hair: #e4e7eb; --band: #e9edf2;
--rest: #858e99; --choice: #0072b2; --against: #d55e00; --choice-text: #00649d;
--against-text: #b04d00; --ink-text: #181b1f; --muted-text: #5d6671; --paper-text: #fff;
--rest-text: #858e99; font-family: system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
.b { font-weight: 600; }
</style><rect width="100%" height="100%" fill="#fff"/>"""
_NAMESPACES = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
_LONG_TABLE = 12


def write_markdown(families: Families, folder: Path) -> Path:
    """Write ``families.md`` and ``families/*.svg`` into a folder; return the page's path.

    Raises:
        StorageError: The disk is full or cannot be written.
    """
    w = words("en")
    pictures = folder / "families"
    pictures.mkdir(parents=True, exist_ok=True)
    lines = [
        f"# {w('fam.title')}",
        "",
        "<!-- Written by `bakeoff families --markdown`; do not edit. -->",
        "",
        w("fam.lead"),
        "",
        "`bakeoff families` makes the same as one HTML page, on your machine, in English or",
        "Chinese (`--lang zh`).",
        "",
    ]
    for part in parts(families, w):
        lines += [f"## {part.title}", "", part.text, ""]
        lines += [part.missing, ""] if part.missing else []
        for figure in part.figures:
            svg = str(figure.wide).replace("<svg ", _NAMESPACES, 1)
            svg = svg.replace(">", f">{_STYLE}", 1)
            write_atomic(pictures / f"{figure.name}.svg", (svg + "\n").encode())
            lines += [f"**{figure.title}.**", ""]
            lines += [f"![{figure.title}](families/{figure.name}.svg)", ""]
            lines += [" ".join(figure.notes), ""]
            shown = any(table is figure.table for _, table in part.tables)
            if not shown and len(figure.table.rows) <= _LONG_TABLE:
                lines += [*_table(figure.table), ""]
        for note, table in part.tables:
            lines += [*_table(table), "", note, ""]
        if part.code:
            lines += [f"{w('fam.code')}:", "", "```python", part.code.rstrip(), "```", ""]
    lines += [made_with(families, w)]
    path = folder / "families.md"
    write_atomic(path, ("\n".join(lines) + "\n").encode())
    return path


def _table(table: Table) -> list[str]:
    def row(cells: tuple[str, ...]) -> str:
        return "| " + " | ".join(_cell(cell) for cell in cells) + " |"

    return [row(table.head), "|" + "---|" * len(table.head), *map(row, table.rows)]


def _cell(text: str) -> str:
    """Return a text that no mark of Markdown or HTML turns into something else."""
    for mark in "\\`*_{}[]<>|":
        text = text.replace(mark, f"\\{mark}")
    return text
