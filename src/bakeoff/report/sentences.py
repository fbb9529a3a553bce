"""The decision in three sentences at most: the choice; regret and certainty; money and next."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bakeoff.report import numbers
from bakeoff.report.case import oriented

if TYPE_CHECKING:
    from collections.abc import Callable

    from bakeoff.report.case import Case
    from bakeoff.results.analysis import Comparison, Row

    Emphasis = Callable[[str, str], str]


def _unmarked(role: str, name: str) -> str:  # noqa: ARG001 - the plain emphasis ignores the role
    return name


@dataclass(frozen=True, slots=True)
class _Teller:
    """The case, its choice and its opponent, and how their names are set off."""

    case: Case
    choice: Row
    against: Row | None
    emphasis: Emphasis
    named: set[str] = field(default_factory=set)
    """Contenders that were named before: in full, and set off, only the first time."""

    def name(self, name: str, role: str = "") -> str:
        """Return a contender's name, set off if it is the choice or what it is compared with."""
        again = name in self.named
        self.named.add(name)
        spoken = self.case.spoken(name, again=again)
        if name == self.choice.name:
            role = "choice"
        elif self.against is not None and name == self.against.name:
            role = "against"
        return self.emphasis(role, spoken) if role and not again else spoken


def decide(case: Case, emphasis: Emphasis = _unmarked) -> list[str]:
    """Return the decision as one to three sentences.

    Args:
        case: What was planned and found.
        emphasis: Called with a role (``"choice"`` or ``"against"``) and a name; returns the name
            as it shall stand in the sentence (markup makes the sentence markup).
    """
    choice = case.choice
    if choice is None:
        name = emphasis("choice", case.spoken(case.analysis.verdict.choice))
        return [case.words.sentence([case.words("take.no-score", choice=name)])]
    teller = _Teller(case, choice, case.against, emphasis)
    spoken = [_take(teller), _certainty(teller), [*_money(teller), *_next(teller)]]
    return [case.words.sentence(parts) for parts in spoken if parts]


# The first sentence says the choice in plain words


def _take(teller: _Teller) -> list[str]:
    case, choice = teller.case, teller.choice
    if case.analysis.verdict.word == "nothing-beats-guessing":
        return [case.words("take.nothing", choice=teller.name(choice.name))]
    parts = case.cascade_parts(choice.name)
    if parts is not None and choice.share_sent is not None:
        together = case.words(
            "take.together",
            first=teller.name(parts[0], "choice"),
            second=teller.name(parts[1], "against"),
            share=numbers.percentage(choice.share_sent),
        )
        return [together, *_how_good(teller, "together")]
    return _how_good(teller, "take")


def _how_good(teller: _Teller, opening: str) -> list[str]:
    """Return how good the choice is, beside what it is compared with."""
    case, choice, against = teller.case, teller.choice, teller.against
    together = opening == "together"
    values: dict[str, object] = {} if together else {"choice": teller.name(choice.name)}
    if choice.score is None:
        return [] if together else [case.words("take.no-score", **values)]
    if case.primary.name == "accuracy":
        key, own, theirs = "right", *_rights(choice, against, values)
    elif not together and (typical := case.typical_error(choice)) is not None:
        key, own = "off", numbers.significant(typical, 2)
        other = None if against is None else case.typical_error(against)
        theirs = None if other is None else numbers.significant(other, 2)
    else:
        key, own = "score", _score(case, choice)
        theirs = None if against is None or against.score is None else _score(case, against)
        values["metric"] = case.metric(case.primary)
    values[key] = own
    if theirs is None or against is None:
        return [case.words(f"{opening}.{key}", **values)]
    values |= {"against": teller.name(against.name), "other": theirs}
    return [case.words(f"{opening}.{key}-against", **values)]


def _score(case: Case, row: Row) -> str:
    if row.score is None:
        return case.words("page.none")
    return case.score(row.score.value)


def _rights(choice: Row, against: Row | None, values: dict[str, object]) -> tuple[str, str | None]:
    """Return right predictions of 100, or of 1,000 where 100 are too few to tell them apart."""
    own = choice.score.value if choice.score is not None else 0.0
    other = None if against is None or against.score is None else against.score.value
    alike = other is not None and own != other and round(100 * own) == round(100 * other)
    base = 1000 if alike or max(own, other or 0.0) > 0.99 else 100
    values["base"] = base
    theirs = None if other is None else numbers.count(other * base)
    return numbers.count(own * base), theirs


# The second sentence says how sure that is, and what it can cost


def _certainty(teller: _Teller) -> list[str]:
    case, verdict = teller.case, teller.case.analysis.verdict
    if verdict.word == "nothing-beats-guessing":
        return _against_guessing(teller)
    if teller.against is None or verdict.comparison is None:
        return [case.words("sure.only")] if len(case.ranked) < 2 else _regret(teller, None)
    seen = oriented(verdict.comparison, verdict.choice)
    clause, gap = _compared(teller, seen, teller.name(teller.against.name))
    return [clause, *_regret(teller, gap)]


def _compared(teller: _Teller, seen: Comparison, against: str) -> tuple[str, str | None]:
    """Return the clause on the comparison, and the bound on the loss that it names."""
    case, verdict = teller.case, teller.case.analysis.verdict
    if verdict.word in ("better", "better-trivially"):
        return _ahead(case, seen, against), None
    bound, words = verdict.gap_upper, case.words
    if bound is None:
        return words("sure.undecided-plain", against=against), None
    gap = case.amount(bound, rounding="up", named=False) if bound > 0 else None
    rope = case.amount(case.plan.rope or 0.0, named=False)
    if verdict.word == "undecided":
        key = "sure.undecided-plain" if gap is None else "sure.undecided"
    elif gap is None:
        key = "sure.not-worse"
    elif verdict.word in ("worse", "worse-trivially"):
        key = "sure.worse"
    elif case.plan.rope is not None and bound <= case.plan.rope and gap != rope:
        key = "sure.at-most-rope"
    else:
        key = "sure.at-most"
    size = case.amount(abs(seen.difference.value), named=False)
    values = {"against": against, "gap": gap, "rope": rope, "unit": case.unit}
    return words(key, difference=size, **values), gap


def _ahead(case: Case, seen: Comparison, against: str) -> str:
    """Return the clause on a choice that is better, or trivially so."""
    difference, words = seen.difference, case.words
    if case.analysis.verdict.word == "better":
        size = case.amount(difference.value, named=False)
        values = {"difference": size, "against": against, "unit": case.unit}
        if difference.low is None or difference.low <= 0:
            return words("sure.better-plain", **values)
        low = case.amount(difference.low, rounding="down", named=False)
        return words("sure.better-than", low=low, **values)
    if difference.high is None or case.plan.rope is None:
        return words("sure.trivially-plain", against=against)
    high = case.amount(difference.high, rounding="up", named=False)
    rope = case.amount(case.plan.rope, named=False)
    return words("sure.trivially", against=against, high=high, rope=rope, unit=case.unit)


def _regret(teller: _Teller, gap: str | None) -> list[str]:
    """Return the bound on the regret, unless the clause before has said as much."""
    case, verdict = teller.case, teller.case.analysis.verdict
    n = len(case.ranked)
    if n <= 2:
        return []
    if verdict.regret_upper <= 0:
        return [case.words("regret.none", n=n)]
    regret = case.amount(verdict.regret_upper, rounding="up", named=False)
    if regret == gap:
        return []
    return [case.words("regret.at-most", n=n, regret=regret, unit=case.unit)]


def _against_guessing(teller: _Teller) -> list[str]:
    case, verdict = teller.case, teller.case.analysis.verdict
    best = next((row for row in case.ranked if not row.baseline), None)
    if best is None:
        return [case.words("sure.only")]
    name = teller.name(best.name)
    if teller.choice.baseline and verdict.regret_upper > 0:
        gap = case.amount(verdict.regret_upper, rounding="up", named=False)
        return [case.words("sure.guess-gap", best=name, gap=gap, unit=case.unit)]
    return [case.words("sure.guess", best=name)]


# The third sentence says what it costs in dollars, and what to do next


def _money(teller: _Teller) -> list[str]:
    case, against = teller.case, teller.against
    words, volume = case.words, numbers.count(case.plan.prices.volume_per_month)
    cost = teller.choice.money.per_month
    if case.analysis.verdict.word == "nothing-beats-guessing":
        return []
    if against is None:
        return (
            [] if cost is None else [words("money.choice", volume=volume, cost=numbers.money(cost))]
        )
    other, name = against.money.per_month, teller.name(against.name)
    if cost is None and other is None:
        return [words("money.unknown")]
    if cost is None and other is not None:
        return [words("money.other", against=name, other=numbers.money(other), volume=volume)]
    own = numbers.money(cost or 0.0)
    if other is None:
        return [words("money.choice-other-unknown", volume=volume, cost=own, against=name)]
    theirs = numbers.money(other)
    if own == theirs:
        return [words("money.same", volume=volume, cost=own, against=name)]
    if (cost or 0.0) < other:
        return [words("money.both", volume=volume, cost=own, other=theirs)]
    return [words("money.dearer", volume=volume, cost=own, other=theirs, against=name)]


def _next(teller: _Teller) -> list[str]:
    case, verdict = teller.case, teller.case.analysis.verdict
    if verdict.word == "nothing-beats-guessing":
        values: dict[str, object] = {"target": case.plan.task.target, "labels": verdict.labels_used}
        if verdict.detectable is None or not math.isfinite(verdict.detectable):
            return [case.words("next.guess", **values)]
        seen = case.amount(verdict.detectable, rounding="up")
        return [case.words("next.guess-detectable", detectable=seen, **values)]
    steps = _share_step(teller)
    if verdict.word == "undecided":
        if verdict.labels_needed_beyond:
            steps.append(case.words("next.beyond"))
        elif verdict.labels_needed is not None:
            steps.append(case.words("next.labels", needed=numbers.about(verdict.labels_needed)))
    return steps


def _share_step(teller: _Teller) -> list[str]:
    """Return what sending a share of the rows on would do."""
    case, verdict, choice = teller.case, teller.case.analysis.verdict, teller.choice
    parts = case.cascade_parts(verdict.cascade or "")
    if parts is None or not verdict.shares or case.cascade_parts(choice.name) is not None:
        return []
    small, large = parts
    if choice.name not in parts or (choice.name == small and verdict.regret <= 0):
        return []
    if verdict.closing_share is None:
        return [case.words("next.no-share", llm=teller.name(large))]
    share = numbers.percentage(verdict.closing_share)
    if choice.name == small:
        return [case.words("next.close", share=share, llm=teller.name(large))]
    closing = next((one for one in verdict.shares if one.share == verdict.closing_share), None)
    cost = None if closing is None else closing.money.per_month
    if cost is None:
        return [case.words("next.save-unpriced", share=share, small=teller.name(small))]
    spoken = numbers.money(cost)
    return [case.words("next.save", share=share, small=teller.name(small), cost=spoken)]


# The small print under the decision


def facts(case: Case) -> list[str]:
    """Return what the decision rests on, in small print: one short sentence each."""
    words, analysis = case.words, case.analysis
    said = [
        words(
            "facts.lockbox" if analysis.evidence == "lockbox" else "facts.oof",
            metric=case.metric(case.primary),
            rows=analysis.compared_rows,
        )
    ]
    why = {"cheapest-of-tied": "facts.why-cheapest", "local-of-tied": "facts.why-local"}
    if analysis.verdict.why in why and len(analysis.verdict.tied) > 1:
        said.append(words(why[analysis.verdict.why]))
    said += [
        words("facts.stopped", contender=case.label(row.name), rows=row.score.n)
        for row in case.drawn
        if row.state == "stopped" and row.score is not None
    ]
    choice = case.choice
    if choice is not None and case.typical_error(choice) is not None:
        said.append(words("facts.rmse"))
    lost = [
        words(f"facts.{state}", n=n)
        for state in ("failed", "dropped")
        if (n := sum(row.state == state for row in case.board))
    ]
    if lost:
        said.append(words.listing(lost))
    said += [
        words(f"facts.if-{threat.values['how']}", choice=case.label(str(threat.values["other"])))
        for threat in analysis.threats
        if threat.code == "both-policies-differ"
    ]
    return [words.sentence([one]) for one in said]
