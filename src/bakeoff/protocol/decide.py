"""The decision: the choice among the tied, its regret, and what it is compared with."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bakeoff.protocol.choice import Candidate, choose
from bakeoff.protocol.evidence import row_groups
from bakeoff.results.analysis import Comparison, Row, Share, Verdict
from bakeoff.statistics.evidence import Evidence
from bakeoff.statistics.procedure import compare_all

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bakeoff.protocol.judge import Trial

_OPPOSITE = {
    "better": "worse",
    "worse": "better",
    "better-trivially": "worse-trivially",
    "worse-trivially": "better-trivially",
}


def decide(trial: Trial, rows: Sequence[Row]) -> tuple[Verdict, tuple[Row, ...]]:
    """Return the verdict, and the rows with the choice marked."""
    result, family = trial.result, trial.family()
    by_name = {row.name: row for row in rows}
    guessing = _nothing_beats_guessing(trial, by_name)
    models = {c.name for c in trial.work.plan.contenders if c.is_model}
    candidates = [
        Candidate(
            name=name,
            score=trial.sign * result.scores[name].value,
            money=by_name[name].money,
            local=name in models and not _buys(by_name[name]),
            guesses=by_name[name].baseline and not guessing,
        )
        for name in family
    ]
    choice = choose(candidates, result.best, result.tied)
    against = trial.reference if choice.name != trial.reference else _best_other(trial)
    comparison = _comparison(trial, choice.name, against)
    regret, regret_upper = result.regrets[choice.name]
    needed, beyond = _labels_needed(trial, comparison)
    shares = _shares(trial, by_name)
    verdict = Verdict(
        choice=choice.name,
        word="nothing-beats-guessing"
        if guessing
        else (comparison.word if comparison else "undecided"),
        why=choice.why,
        regret=regret,
        regret_upper=regret_upper,
        against=against,
        comparison=comparison,
        gap_upper=result.shortfalls[choice.name].get(against),
        tied=tuple(result.tied),
        labels_used=trial.work.plan.splits.train_rows,
        labels_needed=needed,
        labels_needed_beyond=beyond,
        detectable=_detectable(trial, choice.name, against),
        shipped=trial.sides[choice.name].shipped,
        shares=shares,
        closing_share=_closing(shares, trial.work.plan.rope),
        cascade=_cascade(trial, choice.name),
    )
    return verdict, tuple(replace(row, is_choice=row.name == choice.name) for row in rows)


def _buys(row: Row) -> bool:
    """Return whether a contender sends rows elsewhere."""
    return bool(row.share_sent)


def _best_other(trial: Trial) -> str:
    """Return the best model of one's own beside the reference, else the best of any kind."""
    others = [name for name in trial.family() if name != trial.reference]
    if not others:
        return trial.reference
    models = {c.name for c in trial.work.plan.contenders if c.is_model}
    others = [name for name in others if name in models] or others
    return max(others, key=lambda name: trial.sign * trial.result.scores[name].value)


def _nothing_beats_guessing(trial: Trial, by_name: dict[str, Row]) -> bool:
    """Return whether no contender is shown to be better than the best trivial baseline."""
    guesses = [name for name in trial.family() if by_name[name].baseline]
    if not guesses or len(guesses) == len(trial.family()):
        return False
    best = max(guesses, key=lambda name: trial.sign * trial.result.scores[name].value)
    rest = [name for name in trial.family() if name not in guesses]
    evidence = Evidence(
        trial.metric,
        {name: trial.sides[name].statistics for name in [best, *rest]},
        row_groups(trial.work, trial.rows),
    )
    against = compare_all(
        evidence, best, rope=None, alpha=trial.work.plan.alpha, seed=trial.work.plan.seed
    )
    return not any(comparison.word == "better" for comparison in against.comparisons)


def _comparison(trial: Trial, choice: str, against: str) -> Comparison | None:
    """Return the family's comparison between the two, seen from the choice."""
    if choice == against:
        return None
    for found in trial.result.comparisons:
        if found.name == choice and found.against == against:
            return found
        if found.name == against and found.against == choice:
            return _turned(found)
    return None


def _turned(found: Comparison) -> Comparison:
    gap = found.difference
    difference = replace(
        gap,
        value=-gap.value,
        low=None if gap.high is None else -gap.high,
        high=None if gap.low is None else -gap.low,
    )
    return replace(
        found,
        name=found.against,
        against=found.name,
        difference=difference,
        word=_OPPOSITE.get(found.word, found.word),
        only_first_right=found.only_second_right,
        only_second_right=found.only_first_right,
        p_better=found.p_worse,
        p_worse=found.p_better,
    )


def _labels_needed(trial: Trial, comparison: Comparison | None) -> tuple[int | None, bool]:
    """Return the labels that would settle it: judging rows, over the share that judges."""
    if comparison is None or comparison.labels_needed is None:
        return None, False
    splits = trial.work.plan.splits
    share = 1.0
    if splits.evidence == "lockbox" and splits.lockbox_origin == "held-out":
        share = splits.lockbox_rows / (splits.lockbox_rows + splits.train_rows)
    return round(comparison.labels_needed / share), comparison.labels_needed_beyond


def _detectable(trial: Trial, choice: str, against: str) -> float | None:
    """Return what the test between the two could show; one of them is the reference."""
    other = against if choice == trial.reference else choice
    return trial.result.detectable.get(other)


def _shares(trial: Trial, by_name: dict[str, Row]) -> tuple[Share, ...]:
    """Return every cascade that was tried at a fixed share, against the reference."""
    tried = [name for name, side in trial.sides.items() if side.variant_of is not None]
    if not tried:
        return ()
    names = [trial.reference, *tried]
    groups = row_groups(trial.work, trial.rows)
    evidence = Evidence(trial.metric, {n: trial.sides[n].statistics for n in names}, groups)
    plan = trial.work.plan
    result = compare_all(evidence, trial.reference, plan.rope, plan.alpha, plan.seed)
    found = []
    for comparison in result.comparisons:
        row = by_name[comparison.name]
        if row.score is not None and row.share_sent is not None:
            found.append(Share(row.share_sent, row.score, comparison.difference, row.money))
    return tuple(sorted(found, key=lambda share: share.share))


def _closing(shares: Sequence[Share], rope: float | None) -> float | None:
    """Return the smallest share that is shown to be no more than the ROPE below the reference."""
    margin = rope or 0.0
    for share in shares:
        low = share.difference.low
        if low is not None and low >= -margin:
            return share.share
    return None


def _cascade(trial: Trial, choice: str) -> str | None:
    """Return the cascade that competes, if there is one: the choice, or the best of them."""
    cascades = [name for name in trial.family() if name.startswith("cascade")]
    if choice in cascades or not cascades:
        return choice if choice in cascades else None
    return max(cascades, key=lambda name: trial.sign * trial.result.scores[name].value)
