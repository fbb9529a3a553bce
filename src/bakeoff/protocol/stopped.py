"""Paid contenders that were asked no further because it was decided: their rows, and the choice.

They are never ranked with the others: they have few rows, chosen by what they showed. What holds
at any stop is the confidence sequence of the difference to the opponent.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bakeoff.protocol.measure import with_waiting
from bakeoff.protocol.prices import money
from bakeoff.results.analysis import Comparison, Estimate, Row
from bakeoff.results.records import Cost, finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from bakeoff.protocol.evidence import Entry
    from bakeoff.protocol.judge import Trial
    from bakeoff.results.analysis import Verdict
    from bakeoff.results.records import ContenderRecord, Finding, Stop
    from bakeoff.tasks.predictions import Predictions

METHOD = "confidence sequence"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two contenders on the rows that both predicted.

    Args:
        rows: ``(n,)``, int64.
        first: Predictions of the choice for these rows.
        second: Of what it is compared with.
    """

    rows: NDArray[np.int64]
    first: Predictions
    second: Predictions


def stopped_row(trial: Trial, entry: Entry, stop: Stop, record: ContenderRecord) -> Row:
    """Return the leaderboard's row of a contender whose asking was stopped."""
    predictions = entry.at(entry.rows[entry.answered])[0]
    status = [s for s in predictions.status if s is not None]
    return Row(
        name=record.name,
        title=record.title,
        family=record.family,
        state="stopped",
        reason=entry.reason,
        learns=record.learns,
        baseline=record.baseline,
        is_choice=False,
        is_reference=False,
        tied=False,
        score=Estimate(stop.score, stop.score_low, stop.score_high, stop.rows, METHOD),
        score_everywhere=None,
        lockbox=None,
        metrics={},
        recall_per_class=(),
        missing={reason: status.count(reason) for reason in dict.fromkeys(status)},
        score_missing_dropped=None,
        cost=with_waiting(Cost(), predictions.usage),
        money=money(trial.work.plan.prices, hosted=False, cost=Cost(), usage=predictions.usage),
        seeds=1,
    )


def of_stops(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Return what a reader must know of every early stop."""
    for entry in entries:
        stop = entry.stop
        if stop is not None:
            yield finding(
                "stopped-early",
                "info",
                contender=entry.name,
                better=stop.better,
                opponent=stop.opponent,
                asked=stop.asked,
                planned=stop.planned,
                saved=stop.planned - stop.asked,
                amount=abs(stop.difference),
                amount_low=min(abs(stop.low), abs(stop.high)),
                amount_high=max(abs(stop.low), abs(stop.high)),
            )


def with_stopped(
    trial: Trial, verdict: Verdict, rows: tuple[Row, ...]
) -> tuple[Verdict, tuple[Row, ...]]:
    """Return the verdict with the choice of a stopped contender, where one is shown to be better.

    The best trained contender may be worse than another trained one by its own regret, so that
    the regret of the choice is that less the near end of the confidence sequence. A contender
    that is better by less than the user cares about is not chosen for that.
    """
    margin = trial.work.plan.rope or 0.0
    better = [
        (entry, entry.stop)
        for entry in trial.entries
        if entry.stop is not None
        and entry.stop.better
        and entry.stop.high > margin
        and entry.stop.opponent in trial.result.regrets
    ]
    if not better:
        return verdict, rows
    entry, stop = max(better, key=lambda pair: pair[1].low)
    regret, regret_upper = trial.result.regrets[stop.opponent]
    comparison = _comparison(entry, stop)
    chosen = replace(
        verdict,
        choice=entry.name,
        word="better",
        why="best",
        regret=max(0.0, regret - stop.difference),
        regret_upper=max(0.0, regret_upper - stop.low),
        against=stop.opponent,
        comparison=comparison,
        gap_upper=None,
        tied=(entry.name,),
        labels_needed=None,
        labels_needed_beyond=False,
        detectable=None,
        shipped=entry.name,
    )
    marked = (replace(row, is_choice=row.name == entry.name, tied=False) for row in rows)
    return chosen, tuple(marked)


def comparisons_of_stops(trial: Trial) -> tuple[Comparison, ...]:
    """Return each stopped contender against its opponent, where all are compared with that."""
    return tuple(
        _comparison(entry, entry.stop)
        for entry in trial.entries
        if entry.stop is not None and entry.stop.opponent == trial.reference
    )


def _comparison(entry: Entry, stop: Stop) -> Comparison:
    p = min(1.0, 1 / stop.e_value)
    return Comparison(
        name=entry.name,
        against=stop.opponent,
        difference=Estimate(stop.difference, stop.low, stop.high, stop.rows, METHOD),
        p=p,
        p_adjusted=p,
        test="anytime-valid bets on discordant rows",
        word="better" if stop.better else "worse",
        only_first_right=None,
        only_second_right=None,
        labels_needed=None,
        labels_needed_beyond=False,
    )


def pair_of(trial: Trial, verdict: Verdict) -> Pair:
    """Return the choice and what it is compared with, on the rows that both predicted."""
    names = (verdict.choice, verdict.against)
    stopped = next((entry for entry in trial.entries if entry.name in names and entry.stop), None)
    if stopped is None:
        first, second = (trial.sides[name].predictions[0] for name in names)
        return Pair(trial.rows, first, second)
    rows = stopped.rows[stopped.answered]
    entries = {entry.name: entry for entry in trial.entries}
    first, second = (entries[name].at(rows)[0] for name in names)
    return Pair(rows, first, second)
