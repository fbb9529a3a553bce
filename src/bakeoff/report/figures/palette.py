"""Which colour and which shape a contender has in every figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bakeoff.report.marks import shapes

if TYPE_CHECKING:
    from bakeoff.report.case import Case
    from bakeoff.report.figures.canvas import Color


def color_of(name: str, case: Case) -> Color:
    """Return the colour of a contender: one for the choice, one for the reference, else grey."""
    if name == case.analysis.verdict.choice:
        return "choice"
    return "against" if name == case.plan.reference else "rest"


def shape_of(name: str, case: Case) -> str:
    """Return the shape mark of a contender's family."""
    row = case.row(name)
    given = shapes([one.family for one in case.analysis.rows])
    return given[row.family] if row is not None else "circle"
