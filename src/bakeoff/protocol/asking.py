"""Asks a paid contender row after row: until all are asked, a limit is met, or it is decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bakeoff.core.errors import BudgetReachedError
from bakeoff.protocol.asked import asked_rows
from bakeoff.protocol.returned import check_predictions
from bakeoff.protocol.stopping import decided, read_facing
from bakeoff.tasks.predictions import NOT_ASKED, Predictions

if TYPE_CHECKING:
    from bakeoff.contenders.base import Contender, Context, Fitted
    from bakeoff.protocol.work import Work
    from bakeoff.results.records import Stop

ASKED_AT_ONCE = 50
"""Rows that are predicted in one call, so that asking can be stopped between them."""


def ask_until(
    work: Work, contender: Contender, fitted: Fitted, context: Context
) -> tuple[Predictions, Stop | None]:
    """Return what a paid contender answered, sorted by row id, and why it was asked no further.

    Where a limit is reached, or the comparison is decided, the answers that it had given are kept.

    Raises:
        BudgetReachedError: The limit was reached before the first rows were answered.
        ContenderError: What it returned breaks the contract.
    """
    plan = work.plan
    rows = asked_rows(
        work.splits,
        evidence=plan.splits.evidence,
        limit=plan.ask_rows,
        seed=plan.seed,
        answered=work.answered(),
    )
    parts: list[Predictions] = []
    facing, stop = read_facing(work), None
    for begin in range(0, len(rows), ASKED_AT_ONCE):
        asked = rows[begin : begin + ASKED_AT_ONCE]
        try:
            part = fitted.predict(work.inputs(contender, asked), context)
        except BudgetReachedError as error:
            if not parts:
                raise
            context.note(f"asked on {begin:,} of {len(rows):,} rows: {error}")
            break
        check_predictions(part, asked, work, learns=False)
        there = [row for row, why_not in enumerate(part.status) if why_not != NOT_ASKED]
        parts.append(part.take(there))
        done = begin + len(there)
        if len(there) < len(asked):
            context.note(f"asked on {done:,} of {len(rows):,} rows: a limit was reached")
            break
        if facing is not None and done < len(rows):
            so_far = Predictions.concatenate(parts)
            stop = decided(work, contender.name, so_far, len(rows), facing)
            if stop is not None:
                break
    predictions = Predictions.concatenate(parts)
    predictions = predictions.take(np.argsort(predictions.ids, kind="stable"))
    return predictions, stop
