"""When a paid contender need be asked no further: against whom it runs, and when it is decided.

The opponent is the best trained contender by cross-validation, fixed before the first call. After
each chunk of rows an anytime-valid test looks at the rows so far (`statistics.sequential`);
``design/sequential.md`` says what is paid for that, and where it may not stop.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bakeoff.metrics.registry import load_metric
from bakeoff.protocol.evidence import gather
from bakeoff.protocol.scoring import make_pairs
from bakeoff.results.folder import write_table
from bakeoff.results.records import Opponent, Stop
from bakeoff.statistics.sequential import ask_until_decided, confidence_sequence

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from bakeoff.protocol.evidence import Entry
    from bakeoff.protocol.work import Work
    from bakeoff.results.records import CellRecord
    from bakeoff.tasks.predictions import Predictions


@dataclass(frozen=True, slots=True)
class Facing:
    """What a paid contender is compared with while it is asked.

    Args:
        opponent: Name of the best trained contender.
        rows: ``(m,)``, int64, ascending: rows that judge and that the opponent predicted.
        right: ``(m,)``, float64 in [0, 1]: share of its seeds that were right.
    """

    opponent: str
    rows: NDArray[np.int64]
    right: NDArray[np.float64]


def choose_opponent(work: Work, records: Sequence[CellRecord]) -> Opponent | None:
    """Return the best trained contender by cross-validation over all training rows.

    None where rows are not right or wrong, where all rows are asked, or where nothing trained has
    whole folds: then nothing stops the asking.
    """
    metric = load_metric(work.task.primary)
    if not metric.proportion or work.plan.ask_rows is None or work.plan.splits.folds == 1:
        return None
    able = {c.name for c in work.plan.contenders if c.learns and not (c.baseline or c.asks)}
    variants = {c.name for c in work.plan.contenders if c.variant_of}
    scores = {
        entry.name: float(_right(work, entry).mean())
        for entry in gather(work, records, out_of_fold=True)
        if entry.name in able - variants and entry.state == "done" and len(entry.rows)
        if all(part.card.learns for part in work.contender(entry.name).parts())
    }
    if not scores:
        return None
    best = max(scores, key=lambda name: scores[name])
    return Opponent(best, scores[best])


def write_facing(work: Work, records: Sequence[CellRecord], opponent: Opponent) -> None:
    """Write what the opponent has predicted for the rows that judge, for the workers."""
    out_of_fold = work.plan.splits.evidence == "oof"
    for entry in gather(work, records, out_of_fold=out_of_fold):
        if entry.name == opponent.name and entry.state == "done":
            table = pa.table({"row": entry.rows, "right": _right(work, entry)})
            metadata = {b"opponent": opponent.name.encode()}
            write_table(_path(work), table.replace_schema_metadata(metadata))


def read_facing(work: Work) -> Facing | None:
    """Return what `write_facing` wrote, or None where nothing was written."""
    if not _path(work).is_file():
        return None
    table = pq.read_table(_path(work))
    name = table.schema.metadata[b"opponent"].decode()
    return Facing(
        name,
        np.asarray(table["row"].to_numpy(), dtype=np.int64),
        np.asarray(table["right"].to_numpy(), dtype=np.float64),
    )


def decided(
    work: Work, name: str, predictions: Predictions, planned: int, facing: Facing
) -> Stop | None:
    """Return why a paid contender need be asked no further, or None.

    One that is shown to be better goes on where a combination waits for its answers: how much of
    it is needed is then the question.

    Args:
        work: The run.
        name: The paid contender.
        predictions: What it has answered so far, in the order of asking.
        planned: Rows that would be asked in all.
        facing: Its opponent.
    """
    # A call that failed for good says nothing of the model; every other missing answer is wrong.
    said = np.array([status != "missing" for status in predictions.status], dtype=np.bool_)
    asked = predictions.take(np.flatnonzero(said & np.isin(predictions.ids, facing.rows)))
    if len(asked) == 0:
        return None
    own = _rights(work, asked)
    theirs = facing.right[np.searchsorted(facing.rows, asked.ids)]
    # The fixed-sample verdict keeps its own alpha: see the design page on what is spent where.
    alpha = work.plan.alpha / 2
    found = ask_until_decided(own - theirs, alpha)
    is_waited_for = any(name in c.asks and not c.dropped for c in work.plan.contenders)
    if not found.decided or (found.better > 0 and is_waited_for):
        return None
    low, high = (ends[-1] for ends in confidence_sequence(own - theirs, alpha))
    own_low, own_high = (ends[-1] for ends in confidence_sequence(own, alpha))
    return Stop(
        asked=len(predictions),
        planned=planned,
        opponent=facing.opponent,
        better=found.better > 0,
        e_value=found.e_value,
        difference=float((own - theirs).mean()),
        low=float(low),
        high=float(high),
        score=float(own.mean()),
        score_low=max(float(own_low), 0.0),
        score_high=min(float(own_high), 1.0),
        rows=len(asked),
    )


def _right(work: Work, entry: Entry) -> NDArray[np.float64]:
    """Return ``(m,)``: the share of an entry's seeds that is right on each of its rows."""
    right: NDArray[np.float64] = np.mean([_rights(work, p) for p in entry.predictions], axis=0)
    return right


def _rights(work: Work, predictions: Predictions) -> NDArray[np.float64]:
    pairs = make_pairs(work.task, work.targets[predictions.ids], predictions)
    right: NDArray[np.float64] = load_metric(work.task.primary).statistics(pairs)[:, 0]
    return right


def _path(work: Work) -> Path:
    return work.folder.work / "opponent.parquet"
