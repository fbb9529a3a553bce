"""What language models wrote, in the order of the leaderboard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bakeoff.report.board import ordered

if TYPE_CHECKING:
    from bakeoff.report.case import Case

MOST_SAMPLES = 12


@dataclass(frozen=True, slots=True)
class Sample:
    """A text that a contender wrote.

    Args:
        title: Of the contender.
        role: ``"choice"``, ``"against"`` (the reference) or ``"rest"``.
        text: As it was drawn.
    """

    title: str
    role: str
    text: str


def samples(case: Case) -> tuple[Sample, ...]:
    """Return the texts of the best contenders, best first."""
    rows = [row for row in ordered(case) if row.name in case.analysis.samples]
    return tuple(
        Sample(
            case.label(row.name),
            "choice" if row.is_choice else "against" if row.is_reference else "rest",
            case.analysis.samples[row.name],
        )
        for row in rows[:MOST_SAMPLES]
    )
