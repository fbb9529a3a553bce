"""The strip of four numbers under the decision: score, price, speed, labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bakeoff.report import numbers

if TYPE_CHECKING:
    from bakeoff.report.case import Case


@dataclass(frozen=True, slots=True)
class Tile:
    """One number of the strip, with its unit and what to compare it with."""

    label: str
    value: str
    interval: str
    details: tuple[str, ...]


def strip(case: Case) -> tuple[Tile, ...]:
    """Return the four tiles."""
    return (_score(case), _price(case), _latency(case), _labels(case))


def _beside(case: Case, value: str) -> str:
    """Return the same figure of the contender that the choice is compared with."""
    if case.against is None:
        return ""
    name = case.spoken(case.against.name, again=True)
    return case.words("strip.against", against=name, value=value)


def _score(case: Case) -> Tile:
    words, choice, against = case.words, case.choice, case.against
    score = None if choice is None else choice.score
    text = case.estimate(score)
    value, _, rest = text.partition(" [")
    rows = case.analysis.compared_rows
    if score is not None and choice is not None and choice.state == "stopped":
        rows = score.n
    details = [words("strip.alone", rows=rows)]
    typical = None if choice is None else case.typical_error(choice)
    if typical is not None:
        details.append(words("strip.typical", typical=numbers.significant(typical, 2)))
    if against is not None:
        details.append(_beside(case, case.estimate(against.score)))
    label = words("strip.score", metric=case.metric(case.primary))
    return Tile(label, value, f"[{rest}" if rest else "", tuple(details))


def _price(case: Case) -> Tile:
    words, choice, against = case.words, case.choice, case.against
    unknown = words("page.unknown")
    cost = None if choice is None else choice.money.per_1000
    details = []
    if choice is not None and choice.money.per_month is not None:
        volume = numbers.count(case.plan.prices.volume_per_month)
        month = numbers.money(choice.money.per_month)
        details.append(words("strip.volume", money=month, volume=volume))
    if against is not None:
        other = against.money.per_1000
        details.append(_beside(case, unknown if other is None else numbers.money(other)))
    value = unknown if cost is None else numbers.money(cost)
    return Tile(words("strip.cost"), value, "", tuple(details))


def _latency(case: Case) -> Tile:
    words = case.words
    shown = [
        words("page.not-measured") if latency is None else numbers.duration(latency)
        for latency in (
            row.cost.latency_p50_s if row is not None else None
            for row in (case.choice, case.against)
        )
    ]
    details = (_beside(case, shown[1]),) if case.against is not None else ()
    return Tile(words("strip.latency"), shown[0], "", details)


def _labels(case: Case) -> Tile:
    words, verdict = case.words, case.analysis.verdict
    if verdict.word in ("undecided", "nothing-beats-guessing"):
        if verdict.labels_needed_beyond:
            detail = words("strip.labels-beyond")
        elif verdict.labels_needed is not None:
            detail = words("strip.labels-needed", needed=numbers.about(verdict.labels_needed))
        else:
            detail = ""
    elif verdict.comparison is None:
        detail = words("strip.labels-none")
    else:
        detail = words("strip.labels-enough")
    value = numbers.count(verdict.labels_used)
    return Tile(words("strip.labels"), value, "", (detail,) if detail else ())
