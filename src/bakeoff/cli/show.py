"""The decision on a terminal: standard error, at most 100 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bakeoff.results.analysis import Analysis
    from bakeoff.results.records import Plan

COLUMNS = 100


def show(plan: Plan, analysis: Analysis, page: str, lang: str) -> None:
    """Print the terminal twin of the decision page."""
    from rich.console import Console

    from bakeoff.report.terminal import print_terminal

    console = Console(stderr=True)
    if not console.is_terminal or console.width > COLUMNS:
        console.width = COLUMNS
    print_terminal(plan, analysis, page, lang, console=console)
