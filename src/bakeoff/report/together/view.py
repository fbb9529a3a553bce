"""Several comparisons in words and numbers of one language, for the page and the terminal alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from bakeoff.report import numbers
from bakeoff.report.axis import Axis, decimals_of, linear
from bakeoff.report.board import Dot
from bakeoff.report.case import Case
from bakeoff.report.sentences import decide
from bakeoff.report.together.claims import judge_claims
from bakeoff.report.together.lines import lines
from bakeoff.report.visible import short

if TYPE_CHECKING:
    from bakeoff.report.words import Words
    from bakeoff.results.analysis import Estimate
    from bakeoff.results.together import ClaimResult, Line, Measured, Member, Together

_LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class RowView:
    """A contender in the common table."""

    side: str
    title: str
    role: str
    """``"choice"`` or ``"rest"``."""
    out_of_fold: str
    held_out: str
    recall: str
    """Where the run decides."""
    own: str
    """The set's usual metric where it is another one."""
    train: str
    labels: str
    epochs: str
    dot: Dot | None
    reason: str
    """Why there is no figure, or nothing."""


@dataclass(frozen=True, slots=True)
class SetView:
    """One data set: its facts, its decision, its lines."""

    name: str
    facts: str
    metric: str
    lower_is_better: bool
    page: str
    href: str
    """The page as an address."""
    ticks: tuple[tuple[float, str], ...]
    decision: tuple[str, ...]
    rows: tuple[RowView, ...]
    has_recall: bool
    own: str
    """The set's usual metric where it is another one, else empty."""


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim, its figures and the verdict."""

    words: str
    verdict: str
    word: str
    figures: tuple[str, ...]
    tally: str


@dataclass(frozen=True, slots=True)
class View:
    """Everything that is shown."""

    title: str
    headline: str
    sets: tuple[SetView, ...]
    claims: tuple[ClaimView, ...]
    notes: tuple[str, ...]
    date: str


def view(together: Together, words: Words) -> View:
    """Return what is shown of several comparisons."""
    claims = judge_claims(together, words)
    dates = [member.analysis.date[:10] for member in together.members]
    return View(
        title=words("together.title-full" if together.full else "together.title-small"),
        headline=_headline(claims, words),
        sets=tuple(_set(member, words) for member in together.members),
        claims=tuple(_claim(claim, together, words) for claim in claims),
        notes=tuple(_notes(together, words)),
        date=max(dates, default=""),
    )


def _headline(claims: tuple[ClaimResult, ...], words: Words) -> str:
    found = [claim.word for claim in claims]
    counts = [
        words(f"together.count-{word}", n=found.count(word))
        for word in ("holds", "fails", "open", "unmeasured")
        if word in found
    ]
    return words("together.headline", n=len(claims), counts=words.listing(counts))


# The sets


def _set(member: Member, words: Words) -> SetView:
    case = Case(member.plan, member.analysis, words)
    made = lines(member, words)
    axis = _axis(made, member)
    metric = made[0].metric if made else ""
    return SetView(
        name=member.name,
        facts=_facts(member, words),
        metric=words(f"metric.{metric}") if metric else "",
        lower_is_better=metric == "mse",
        page=member.page,
        href=quote(member.page),
        ticks=_ticks(axis, percent=metric == "accuracy"),
        decision=tuple(decide(case)),
        rows=tuple(_row(line, member, axis, case) for line in made),
        has_recall=any(line.recall_out_of_fold or line.recall_held_out for line in made),
        own=case.metric(case.primary) if any(line.own_metric for line in made) else "",
    )


def _facts(member: Member, words: Words) -> str:
    task, splits = member.plan.task, member.plan.splits
    what = (
        words("together.classes", n=len(task.classes)) if task.classes else words("together.number")
    )
    key = "together.rows-folds" if splits.folds > 1 else "together.rows-plain"
    said = [what, words(key, rows=splits.train_rows, folds=splits.folds)]
    if splits.lockbox_rows:
        held_out = "official" if splits.lockbox_origin == "official" else "held-out"
        held_out = "dev" if "dev-as-test" in member.caveats else held_out
        said.append(words(f"together.rows-{held_out}", rows=splits.lockbox_rows))
    said.append(words("together.seeds", n=len(splits.seeds)))
    said.append(words(f"together.decides-{splits.evidence}"))
    return words("terminal.between").join(said)


def _row(line: Line, member: Member, axis: Axis, case: Case) -> RowView:
    words, none = case.words, case.words("page.none")
    percent = line.metric == "accuracy"
    score, recall, own = decided(line, member)
    return RowView(
        side=words(f"side.{line.side}"),
        title=line.title,
        role="choice" if line.is_choice else "rest",
        out_of_fold=_shown(line.out_of_fold, none, percent=percent),
        held_out=_shown(line.held_out, none, percent=percent),
        recall=none if recall is None else numbers.score(recall.value, percent=True),
        own=none if own is None else _shown(own, none, percent=case.primary.percent),
        train=none if line.train_s is None else numbers.duration(line.train_s),
        labels=numbers.count(line.labels) if line.labels else none,
        epochs=none if line.epochs is None else numbers.count(line.epochs),
        dot=None if score is None else _dot(score, axis),
        reason=_reason(line, words),
    )


def decided(line: Line, member: Member) -> tuple[Estimate | None, Estimate | None, Estimate | None]:
    """Return a line's score, recall and own metric where the run decides, else elsewhere."""
    places = [
        (line.out_of_fold, line.recall_out_of_fold, line.own_out_of_fold),
        (line.held_out, line.recall_held_out, line.own_held_out),
    ]
    if member.plan.splits.evidence != "oof":
        places.reverse()
    return next((place for place in places if place[0] is not None), (None, None, None))


def _reason(line: Line, words: Words) -> str:
    if line.state == "done":
        return ""
    state = words(f"state.{line.state}") if f"state.{line.state}" in words else line.state
    return f"{state}: {short(line.reason, _LONGEST_REASON)}" if line.reason else state


def _shown(estimate: Estimate | None, none: str, *, percent: bool) -> str:
    if estimate is None:
        return none
    return numbers.interval(estimate.value, estimate.low, estimate.high, percent=percent)


def _axis(made: tuple[Line, ...], member: Member) -> Axis:
    """Return the common axis of a set; guessing does not stretch it."""
    ends: list[float] = []
    for line in made:
        score = decided(line, member)[0]
        if score is not None and line.side != "guessing":
            ends += [end for end in (score.low, score.value, score.high) if end is not None]
    return linear(ends, 0.0, 100.0, pad=0.06)


def _ticks(axis: Axis, *, percent: bool) -> tuple[tuple[float, str], ...]:
    ticks = axis.ticks(4)
    texts = [numbers.plain(tick, decimals_of(ticks)) for tick in ticks]
    if percent:
        texts = [text.replace("0.", ".", 1) if text.startswith("0.") else text for text in texts]
    return tuple((axis.place(tick), text) for tick, text in zip(ticks, texts, strict=True))


def _dot(score: Estimate, axis: Axis) -> Dot:
    return Dot(
        value=axis.place(score.value),
        low=None if score.low is None else axis.place(score.low),
        high=None if score.high is None else axis.place(score.high),
        beyond=axis.beyond(score.value),
    )


# The claims


def _claim(claim: ClaimResult, together: Together, words: Words) -> ClaimView:
    figures = tuple(_figure(one, together, words) for one in claim.measured)
    tally = ""
    if claim.of > len(claim.measured) > 0 or len(claim.measured) > 1:
        above = sum(one.word == "above" for one in claim.measured)
        tally = words("claim.tally", above=above, of=claim.of)
    return ClaimView(
        words=words(f"claim.{claim.code}"),
        verdict=words(f"claim.word-{claim.word}"),
        word=claim.word,
        figures=figures or (words("claim.nothing"),),
        tally=tally,
    )


def _figure(one: Measured, together: Together, words: Words) -> str:
    percent = one.metric != "mse"
    member = next(member for member in together.members if member.name == one.data)
    case = Case(member.plan, member.analysis, words)
    if one.paired:
        value = case.signed(one.value)
        shown = words("claim.points", value=value) if percent else value
    else:
        shown = _shown(one.value, "", percent=percent)
    other = "" if one.others is None else _shown(one.others, "", percent=percent)
    key = "difference" if one.paired else "against" if one.against else "figure"
    named = {"data": one.data, "title": one.title, "against": one.against}
    return words(f"claim.{key}", value=shown, other=other, **named)


# The notes


def _notes(together: Together, words: Words) -> list[str]:
    """Return what a reader must know, the weightiest first."""
    said = [] if together.full else [words("note.small-sets")]
    for missing in together.missing:
        reason = short(missing.reason, _LONGEST_REASON)
        said.append(words("note.missing", name=missing.name, reason=reason))
    for member in together.members:
        said += [words(f"note.{caveat}", data=member.name) for caveat in member.caveats]
    said += _of_claims(together, words)
    said += [words("note.columns"), words("note.budgets")]
    for member in together.members:
        for remark in member.remarks:
            what = short(remark, _LONGEST_REASON)
            said.append(words("note.left-out", data=member.name, what=what))
    return said


def _of_claims(together: Together, words: Words) -> list[str]:
    titles = [
        Case(member.plan, member.analysis, words).label(member.speaker)
        for member in together.members
    ]
    said = [words("note.speakers", titles=words.listing(list(dict.fromkeys(titles))))]
    if any(member.ground == "image" for member in together.members):
        said += [words("note.pictures"), words("note.about-97")]
    if together.full:
        said.append(words("note.most-of"))
    return [*said, words("claim.rule")]
