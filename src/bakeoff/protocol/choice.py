"""The choice among contenders that are tied: the cheapest by the user's rule."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bakeoff.results.analysis import Money


@dataclass(frozen=True, slots=True)
class Candidate:
    """One contender as the choice sees it."""

    name: str
    score: float
    """Primary metric, oriented: larger is better."""
    money: Money
    local: bool
    """A trained model that the user hosts, and nothing bought elsewhere."""
    guesses: bool = False
    """A trivial baseline."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen contender and why."""

    name: str
    why: str
    """``"best"``, ``"cheapest-of-tied"``, ``"local-of-tied"`` or ``"only-one"``."""


def choose(
    candidates: Sequence[Candidate],
    best: str,
    tied: Sequence[str],
) -> Choice:
    """Return the cheapest of the tied.

    Tied are those that are not shown to be worse than the best; how much the cheapest of them may
    still be worse is its regret, which the page states beside it. Guessing is no candidate, unless
    nothing beats it. Costs are dollars per 1,000 predictions; where they are equal to two
    significant digits the better score wins, and where a price is unknown the local model.

    Args:
        candidates: All that are done; never empty.
        best: The one with the best score.
        tied: Not shown to be worse than the best (the best included).
    """
    if len(candidates) == 1:
        return Choice(candidates[0].name, "only-one")
    near = [c for c in candidates if c.name in tied]
    near = [c for c in near if not c.guesses] or near
    priced = [c for c in near if c.money.per_1000 is not None]
    unpriced = [c for c in near if c.money.per_1000 is None]
    local = [c for c in near if c.local]
    if unpriced and local:
        winner = min(local, key=_cost_then_score)
        return Choice(winner.name, "best" if winner.name == best else "local-of-tied")
    winner = min(priced, key=_cost_then_score) if priced else max(near, key=lambda c: c.score)
    return Choice(winner.name, "best" if winner.name == best else "cheapest-of-tied")


def _cost_then_score(candidate: Candidate) -> tuple[float, float]:
    dollars = candidate.money.per_1000
    return (math.inf if dollars is None else two_digits(dollars), -candidate.score)


def two_digits(value: float) -> float:
    """Return the value rounded to two significant digits."""
    if value == 0 or not math.isfinite(value):
        return value
    return round(value, 1 - math.floor(math.log10(abs(value))))
