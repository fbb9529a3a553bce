"""What the run would ask of paid contenders: calls, tokens and dollars, before any is spent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bakeoff.contenders.base import Calls
from bakeoff.data.inputs import Inputs
from bakeoff.protocol.asked import prompt_rows
from bakeoff.protocol.prices import token_prices
from bakeoff.protocol.splits import TRAIN
from bakeoff.results.records import CallsRecord
from bakeoff.tasks.examples import Examples

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bakeoff.contenders.base import Contender, Range
    from bakeoff.plan.prepare import Prepared
    from bakeoff.protocol.splits import Splits
    from bakeoff.results.records import PriceRecord

A_MILLION = 1e6


def planned_calls(  # noqa: PLR0913 - the plan's pieces, and how often
    contender: Contender,
    prepared: Prepared,
    splits: Splits,
    prices: PriceRecord,
    asked: NDArray[np.int64],
    *,
    evidence: str,
    fits: int = 1,
) -> CallsRecord | None:
    """Return what a contender would ask, or None if it asks nothing.

    Args:
        contender: Of the plan.
        prepared: The data.
        splits: Every row's place.
        prices: The run's.
        asked: Rows that it would be asked on, in the order of asking.
        evidence: ``"oof"`` or ``"lockbox"``.
        fits: How often a contender that learns is fitted, and so asks a part that is paid for. All
            of them are counted, though an answer that is in the store is not asked for again.
    """
    columns = prepared.task.inputs
    table = prepared.dataset.table.select(list(prepared.task.input_names))
    everything = Inputs(np.arange(table.num_rows, dtype=np.int64), table, columns)
    learns = contender.card.learns
    learn = splits.rows(TRAIN) if learns else prompt_rows(splits, evidence)
    train = Examples(prepared.task, everything.take(learn), prepared.target.values[learn])
    found = contender.calls(train, everything.take(asked))
    if found is None:
        return None
    if learns:
        found = Calls(
            found.calls * fits,
            _times(found.prompt_tokens, fits),
            _times(found.completion_tokens, fits),
            found.prompts,
        )
    paid = next((part for part in contender.parts() if part.card.metered), contender)
    price = token_prices(prices, f"{paid.card.name}:{paid.argument()}")
    cost = None
    if price is not None:
        cost = _sum(found.prompt_tokens, found.completion_tokens, price)
    return CallsRecord(
        found.calls, found.prompt_tokens, found.completion_tokens, cost, found.prompts
    )


def _times(each: Range, n: int) -> Range:
    return each[0] * n, each[1] * n, each[2] * n


def _sum(prompt: Range, completion: Range, price: tuple[float, float]) -> Range:
    low, expected, high = (
        (p * price[0] + c * price[1]) / A_MILLION for p, c in zip(prompt, completion, strict=True)
    )
    return low, expected, high
