"""Durations, amounts and blocks of text as the command line says them."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable

WIDTH = 100
_LABEL = 10


def say(lines: Iterable[str]) -> None:
    """Print human text, on standard error: standard output is for ``--json``."""
    for line in lines:
        click.echo(line, err=True)


def spoken_s(seconds: float) -> str:
    """Return a duration as a person would say it.

    Example:
        >>> spoken_s(42.3), spoken_s(600), spoken_s(7500)
        ('42 s', '10 min', '2 h 5 min')
    """
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes} min"
    return f"{minutes // 60} h" + (f" {minutes % 60} min" if minutes % 60 else "")


def labelled(label: str, lines: Iterable[str]) -> list[str]:
    """Return lines in a column, the label beside the first, none wider than the page."""
    wrapped = [piece for line in lines for piece in wrap(line, WIDTH - _LABEL)]
    return [
        f"{label if number == 0 else '':<{_LABEL}}{piece}" for number, piece in enumerate(wrapped)
    ]


def wrap(line: str, width: int = WIDTH) -> list[str]:
    """Return a line in pieces that fit; later pieces stand two further in."""
    indent = " " * (len(line) - len(line.lstrip()) + 2)
    pieces = textwrap.wrap(
        line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
    return pieces or [""]
