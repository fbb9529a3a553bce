"""The common table on a terminal: decisions, lines, claims, at most 60 lines of 100 columns."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from bakeoff.report import numbers
from bakeoff.report.together.view import view
from bakeoff.report.visible import columns, one_line, short
from bakeoff.report.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bakeoff.report.together.view import RowView, SetView, View
    from bakeoff.results.together import Together

_WIDTHS = (13, 24, 17, 17, 6, 8, 6)
"""Columns of side, contender, both scores, recall, training and labels: 97 with their gaps."""
_GAP = 1
_FLUSH_RIGHT = (4, 5, 6)
_INDENT = 2
_MOST_CLAIM_LINES = 2


def render_together_terminal(
    together: Together, page_path: str, lang: str = "en", width: int = 100
) -> str:
    """Return the common page's short form as plain text.

    Args:
        together: The comparisons.
        page_path: Where the page lies.
        lang: ``"en"`` or ``"zh"``.
        width: Columns of the terminal.

    Raises:
        UsageError: There are no words in that language.
    """
    words = Words(lang)
    shown = view(together, words)
    lines = [line.rstrip() for line in _lines(shown, page_path, words, width)]
    return "\n".join(lines) + "\n"


def _lines(shown: View, page_path: str, words: Words, width: int) -> Iterator[str]:
    for one in shown.sets:
        yield from _set(one, words, width)
    yield from wrapped(shown.headline, width)
    for claim in shown.claims:
        figures = words("terminal.between").join(claim.figures)
        said = words("claim.line", claim=claim.words, figures=figures)
        head = _padded(claim.verdict, _WIDTHS[0])
        room = width - _WIDTHS[0] - _GAP
        pieces = wrapped(_flat(said), room)
        if len(pieces) > _MOST_CLAIM_LINES:
            rest = " ".join(pieces[_MOST_CLAIM_LINES - 1 :])
            pieces = [*pieces[: _MOST_CLAIM_LINES - 1], short(rest, room)]
        for number, piece in enumerate(pieces):
            yield (head if number == 0 else " " * _WIDTHS[0]) + " " * _GAP + piece
    if shown.notes:
        yield from wrapped(_flat(shown.notes[0]), width)
    yield words("terminal.page", path=one_line(page_path))


def _set(one: SetView, words: Words, width: int) -> Iterator[str]:
    """Yield a set's decision and its lines."""
    yield short(f"{one.name}: {one.facts}", width)
    for sentence in one.decision:
        yield from wrapped(_flat(sentence), width, _INDENT)
    metric = short(one.metric, _WIDTHS[1] - 2)
    head = (
        words("together.side"),
        f"{words('board.contender')} ({metric})",
        words("together.out-of-fold"),
        words("together.held-out"),
        words("together.recall") if one.has_recall else "",
        words("board.train"),
        words("together.labels"),
    )
    yield _row(head)
    for row in one.rows:
        yield _row(_cells(row, one)) if row.dot is not None else _lost(row, width)


def _cells(row: RowView, one: SetView) -> tuple[str, ...]:
    title = f"> {row.title}" if row.role == "choice" else row.title
    recall = row.recall if one.has_recall else ""
    return (row.side, title, row.out_of_fold, row.held_out, recall, row.train, row.labels)


def _lost(row: RowView, width: int) -> str:
    head = _row((row.side, row.title))
    return f"{head} {short(row.reason, width - columns(head) - 1)}"


def _row(cells: tuple[str, ...]) -> str:
    return (" " * _GAP).join(
        _padded(short(_flat(cell), size), size, right=place in _FLUSH_RIGHT)
        for place, (cell, size) in enumerate(zip(cells, _WIDTHS, strict=False))
    )


def _padded(text: str, size: int, *, right: bool = False) -> str:
    gap = " " * (size - columns(text))
    return gap + text if right else text + gap


def _flat(text: str) -> str:
    """Return text on one line with plain spaces."""
    return one_line(text.replace(numbers.SPACE, " ").replace(numbers.THIN, " "))


def wrapped(text: str, width: int, indent: int = 0) -> list[str]:
    """Return text in lines of at most ``width`` columns; Chinese may be broken anywhere."""
    lead = " " * indent
    if columns(text) == len(text):
        return textwrap.wrap(text, width, initial_indent=lead, subsequent_indent=lead) or [""]
    pieces, line = [], lead
    for character in text:
        if columns(line + character) > width:
            pieces.append(line)
            line = lead
        line += character
    return [*pieces, line]
