"""The terminal twin of the page: decision, strip, table and the loudest threats in 40 lines."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from bakeoff.report import numbers
from bakeoff.report.board import against_reference, badges, ordered, top, unanswered
from bakeoff.report.case import Case
from bakeoff.report.findings import loudest_first, say
from bakeoff.report.sentences import decide
from bakeoff.report.strip import strip
from bakeoff.report.visible import columns, one_line, short
from bakeoff.report.words import words_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bakeoff.results.analysis import Analysis, Row
    from bakeoff.results.records import Plan

_MOST_THREATS = 2
_STYLES = {"choice": "bold blue", "against": "bold dark_orange3"}


def render_terminal(
    plan: Plan, analysis: Analysis, page_path: str, lang: str = "en", width: int = 100
) -> str:
    """Return the twin as plain text: at most 40 lines at 100 columns, no line ends in spaces.

    Args:
        plan: What was planned.
        analysis: What the judge found.
        page_path: Where the page lies.
        lang: ``"en"`` or ``"zh"``.
        width: Columns of the terminal.

    Raises:
        UsageError: There are no words in that language.
    """
    buffer = io.StringIO()
    console = Console(file=buffer, width=width, no_color=True, force_terminal=False)
    print_terminal(plan, analysis, page_path, lang, console=console)
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines()) + "\n"


def print_terminal(
    plan: Plan,
    analysis: Analysis,
    page_path: str,
    lang: str = "en",
    *,
    console: Console | None = None,
) -> None:
    """Print the twin; colour, where the console has any, only repeats what the marks say.

    Args:
        plan: What was planned.
        analysis: What the judge found.
        page_path: Where the page lies.
        lang: ``"en"`` or ``"zh"``.
        console: Where to; default: standard output.

    Raises:
        UsageError: There are no words in that language.
    """
    console = console or Console()
    case = Case(plan, analysis, words_for(lang, plan.task.kind))
    for part in _parts(case, page_path, console.width):
        console.print(part, soft_wrap=False, highlight=False, markup=False, emoji=False)


def _parts(case: Case, page_path: str, width: int) -> Iterator[Text]:
    for sentence in decide(case):
        yield Text(_flat(sentence), style="bold")
    yield Text()
    yield from _strip(case, width)
    yield Text()
    yield from _table(case, width)
    yield Text()
    for threat in loudest_first(case.analysis.threats)[:_MOST_THREATS]:
        said = case.words("terminal.threat", threat=say(threat, case).sentence)
        yield Text(short(_flat(said), 2 * width - 4))
    yield Text(case.words("terminal.page", path=one_line(page_path)), overflow="fold")


def _flat(text: str) -> str:
    """Return text on one line with plain spaces, which a terminal may break."""
    return one_line(text.replace(numbers.SPACE, " ").replace(numbers.THIN, " "))


def _strip(case: Case, width: int) -> Iterator[Text]:
    tiles = strip(case)
    label_width = max(columns(tile.label) for tile in tiles)
    for tile in tiles:
        value = _flat(f"{tile.value} {tile.interval}".strip())
        details = _flat(case.words("terminal.between").join(tile.details))
        room = max(width - label_width - columns(value) - 4, 8)
        yield Text.assemble(
            f"{_padded(tile.label, label_width)}  ", (value, "bold"), f"  {short(details, room)}"
        )


def _table(case: Case, width: int) -> Iterator[Text]:
    """Return one line a contender; the name and the last column give way where room is short."""
    rows = ordered(case)
    shown, words = top(rows), case.words
    tied = sum(row.tied and row.score is not None for row in rows) > 1
    keys = ("board.cost", "board.latency", "board.train", "board.state-alone")
    head = [words("board.contender"), case.metric(case.primary), *(words(key) for key in keys)]
    lines = [[_flat(cell) for cell in (case.label(row.name), *_cells(row, case))] for row in shown]
    full = [head, *(line for line in lines if len(line) == len(head))]
    widths = [max(columns(line[place]) for line in full) for place in range(len(head))]
    widths[0] = max(columns(line[0]) for line in [head, *lines])
    fixed = 4 + 2 * (len(head) - 1) + sum(widths[1:5])
    widths[0] = min(widths[0], max(16, width - fixed - widths[5]))
    widths[5] = max(8, width - fixed - widths[0])
    yield Text("    " + _line(head, widths), style="dim")
    for row, line in zip(shown, lines, strict=True):
        yield Text(f"{_marks(row, tied=tied)} {_line(line, widths)}", style=_style(row))
    rest = len(rows) - len(shown)
    more = "   " + words("terminal.more", n=rest) if rest else ""
    yield Text(words("terminal.marks") + more, style="dim")


def _line(cells: list[str], widths: list[int]) -> str:
    """Return cells side by side, prices and times flush right; two cells: the last takes all."""
    if len(cells) == 2:
        rest = sum(widths[1:]) + 2 * (len(widths) - 2)
        return f"{_padded(short(cells[0], widths[0]), widths[0])}  {short(cells[1], rest)}"
    shown = [short(cell, width) for cell, width in zip(cells, widths, strict=True)]
    return "  ".join(
        _padded(cell, width, right=place in (2, 3, 4))
        for place, (cell, width) in enumerate(zip(shown, widths, strict=True))
    )


def _padded(text: str, width: int, *, right: bool = False) -> str:
    gap = " " * (width - columns(text))
    return gap + text if right else text + gap


def _marks(row: Row, *, tied: bool) -> str:
    """Return the marks that tell a row's place without colour: choice, tied, reference."""
    is_tied = tied and row.tied and row.score is not None
    choice, reference = ">" * row.is_choice, "*" * row.is_reference
    return f"{choice or ' '}{'=' * is_tied or ' '}{reference or ' '}"


def _cells(row: Row, case: Case) -> list[str]:
    """Return a row's cells after its name; one that was not done has but one, the reason."""
    words, none = case.words, case.words("page.none")
    if row.state != "done":
        return [": ".join(one for one in (*badges(row, case)[-1:], row.reason) if one)]
    state = [against_reference(row, case), unanswered(row, case)]
    return [
        case.estimate(row.score),
        words("page.unknown") if row.money.per_1000 is None else numbers.money(row.money.per_1000),
        none if row.cost.latency_p50_s is None else numbers.duration(row.cost.latency_p50_s),
        none if row.cost.train_s is None else numbers.duration(row.cost.train_s),
        ", ".join(one for one in state if one),
    ]


def _style(row: Row) -> str:
    if row.is_choice:
        return _STYLES["choice"]
    if row.is_reference:
        return _STYLES["against"]
    return "" if row.state == "done" else "dim"
