"""Claims commonly made about language models and deep nets, held against what was measured.

A claim holds where the 95 % interval of its figure lies wholly beyond what it says, it fails where
the interval lies wholly on the other side, and else it is not shown. What was not measured is
called that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bakeoff.report.case import Case, oriented
from bakeoff.report.together.lines import quoted, side_of
from bakeoff.results.together import ClaimResult, Measured

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bakeoff.report.words import Words
    from bakeoff.results.analysis import Estimate, Row
    from bakeoff.results.together import Member, Together

GLUE_WITH_ACCURACY = 8
"""GLUE's tasks without stsb, whose answers are numbers."""
ABOUT_97 = 0.965
"""What is rounded to 97 % is taken as that."""


@dataclass(frozen=True, slots=True)
class Level:
    """A claim that a figure is above a threshold.

    Args:
        code: Name; the words stand under ``claim.CODE``.
        ground: Sets it is about.
        metric: Which figure, of the member's speaker.
        threshold: What it must exceed.
        only: Sets that it speaks of by name; empty: all of the ground.
        most_of: If not 0, more than half of so many sets must exceed it; else every one.
    """

    code: str
    ground: str
    metric: str
    threshold: float
    only: tuple[str, ...] = ()
    most_of: int = 0


@dataclass(frozen=True, slots=True)
class Ahead:
    """A claim that the best of a ground's own side beats the best of another side.

    Args:
        code: Name.
        kind: Kind of task.
        rivals: Ground -> the sides it is held against: the first that competes.
    """

    code: str
    kind: str
    rivals: tuple[tuple[str, tuple[str, ...]], ...]


OWN_SIDE = {"text": "language", "image": "deep"}
_RIVALS = {"text": ("deep", "classical"), "image": ("language", "classical")}

CLAIMS: tuple[Level | Ahead, ...] = (
    Level("most-above-90", "text", "accuracy", 0.90, most_of=GLUE_WITH_ACCURACY),
    Level("sentiment-95", "text", "accuracy", 0.95, only=("sst2",)),
    Level("recall-80", "text", "recall_macro", 0.80),
    Level("resnet-97", "image", "accuracy", ABOUT_97),
    Ahead("ahead-text", "classification", (("text", _RIVALS["text"]),)),
    Ahead("ahead-image", "classification", (("image", _RIVALS["image"]),)),
    Ahead("smaller-mse", "regression", tuple(_RIVALS.items())),
)


def judge_claims(together: Together, words: Words) -> tuple[ClaimResult, ...]:
    """Return every claim with its figures and its verdict."""
    return tuple(
        _level(claim, together, words)
        if isinstance(claim, Level)
        else _ahead(claim, together, words)
        for claim in CLAIMS
    )


# Claims that a figure is above a threshold


def _level(claim: Level, together: Together, words: Words) -> ClaimResult:
    members = [
        member
        for member in together.members
        if member.ground == claim.ground
        and member.plan.task.kind == "classification"
        and (not claim.only or member.name in claim.only)
    ]
    measured = [one for member in members if (one := _speaks(claim, member, words))]
    of = claim.most_of if claim.most_of and together.full else len(members)
    word = _most(measured, of) if claim.most_of else _every(measured)
    return ClaimResult(claim.code, word, claim.threshold, tuple(measured), of)


def _speaks(claim: Level, member: Member, words: Words) -> Measured | None:
    """Return the figure of the member's speaker, if there is one."""
    case = Case(member.plan, member.analysis, words)
    row = case.row(member.speaker)
    value = None if row is None else figure(member, row, claim.metric)
    if row is None or value is None:
        return None
    word = _side_of_threshold(value, claim.threshold)
    return Measured(member.name, row.name, case.label(row.name), claim.metric, value, word)


def figure(member: Member, row: Row, metric: str) -> Estimate | None:
    """Return a metric on an official test where there is one, else where the run decides."""
    splits = member.plan.splits
    test_first = splits.evidence == "lockbox" or splits.lockbox_origin == "official"
    both = (row.held_out, row.out_of_fold) if test_first else (row.out_of_fold, row.held_out)
    return next((found[metric] for found in both if metric in found), None)


def _side_of_threshold(value: Estimate, threshold: float) -> str:
    if value.low is None or value.high is None:
        return "open"
    return "above" if value.low > threshold else "below" if value.high < threshold else "open"


def _every(measured: Sequence[Measured]) -> str:
    """Return the verdict of a claim about every set."""
    found = {one.word for one in measured}
    if not found:
        return "unmeasured"
    return "fails" if "below" in found else "open" if "open" in found else "holds"


def _most(measured: Sequence[Measured], of: int) -> str:
    """Return the verdict of a claim about most of ``of`` sets, whatever the others would show."""
    above, below = (sum(one.word == word for one in measured) for word in ("above", "below"))
    if not measured:
        return "unmeasured"
    return "holds" if 2 * above > of else "fails" if 2 * (of - below) <= of else "open"


# Claims that one side is ahead


def _ahead(claim: Ahead, together: Together, words: Words) -> ClaimResult:
    rivals = dict(claim.rivals)
    members = [
        member
        for member in together.members
        if member.ground in rivals and member.plan.task.kind == claim.kind
    ]
    measured = [one for member in members if (one := _beside(member, rivals[member.ground], words))]
    return ClaimResult(claim.code, _every(measured), None, tuple(measured), len(members))


def _beside(member: Member, rivals: tuple[str, ...], words: Words) -> Measured | None:
    """Return the best of the ground's own side beside the best of the first rival that competes."""
    case, metric = Case(member.plan, member.analysis, words), quoted(member)
    own = _best(member, case, OWN_SIDE[member.ground])
    other = next((row for side in rivals if (row := _best(member, case, side))), None)
    if own is None or other is None:
        return None
    ours, theirs = _where_both_are(member, own, other, metric)
    if ours is None or theirs is None:
        return None
    common = (member.name, own.name, case.label(own.name), metric)
    difference = _difference(case, own, other) if case.primary.name == metric else None
    if difference is not None:
        word = _side_of_threshold(difference, 0.0)
        return Measured(*common, difference, word, case.label(other.name), theirs, paired=True)
    return Measured(*common, ours, _apart(ours, theirs, metric), case.label(other.name), theirs)


def _best(member: Member, case: Case, side: str) -> Row | None:
    """Return the best of a side, as the judge ranked them."""
    return next((row for row in case.ranked if side_of(member, row) == side), None)


def _where_both_are(
    member: Member, own: Row, other: Row, metric: str
) -> tuple[Estimate | None, Estimate | None]:
    """Return both figures on the same rows: where the run decides, else on the others."""
    decides = member.plan.splits.evidence == "oof"
    both = ((own.out_of_fold, other.out_of_fold), (own.held_out, other.held_out))
    for ours, theirs in both if decides else reversed(both):
        if metric in ours and metric in theirs:
            return ours[metric], theirs[metric]
    return None, None


def _difference(case: Case, own: Row, other: Row) -> Estimate | None:
    """Return the paired difference, positive where the own side is ahead, if there is one."""
    for seen in case.analysis.comparisons:
        if {seen.name, seen.against} == {own.name, other.name}:
            return oriented(seen, own.name).difference
    return None


def _apart(ours: Estimate, theirs: Estimate, metric: str) -> str:
    """Return who is ahead where the two intervals do not touch."""
    ends = (ours.low, ours.high, theirs.low, theirs.high)
    low, high, other_low, other_high = ends
    if low is None or high is None or other_low is None or other_high is None:
        return "open"
    beyond, short = low > other_high, high < other_low
    if metric == "mse":
        beyond, short = short, beyond
    return "above" if beyond else "below" if short else "open"
