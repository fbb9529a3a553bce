"""From a finding's code and values to a sentence in the reader's language.

Codes and the names of their values (`Finding.values`); ``rows`` of the finding may hold a few ids.
Counts are whole numbers; ``share`` is a fraction of 1; ``score...``, ``spread...`` and
``detectable`` are in the unit of the primary metric; ``contender`` is a contender's name; ``names``
is one string with names between commas. A code that is not listed (a third party's) is shown with
its values, and so is one whose values are incomplete.

A sentence may have variants, which are tried first: for ``by_nature``, ``all_missing`` and
``better`` if true, and for each ``how``.

Seen in the data, before training (`Plan.findings`); `bakeoff.data.audit` says when:

- ``duplicates-within``: part, rows, repeats, near, by_nature
- ``duplicates-across``: first, second, rows, of, near, by_nature
- ``conflicting-labels``: rows, inputs, of, by_nature
- ``target-leak``: column, how, value
- ``id-like-input``: column
- ``class-counts``: classes, rows, largest, largest_rows, smallest, smallest_rows
- ``rare-class``: classes, names
- ``label-only-in-test``: classes, names, rows
- ``groups-across-splits``: column, first, second, groups, rows, of
- ``group-missing``: column, rows
- ``constant-column``: column, all_missing
- ``missing-values``: column, rows, share
- ``few-rows``: rows
- ``rows-set-aside``: part, rows, of, first_line, first_reason
- ``unlabelled-rows``: rows, twins
- ``column-unread``: contender, columns
- ``unmatched-answers``: contender, unmatched

Threats to the conclusion (`Analysis.threats`):

- ``twins-in-test``: rows, dropped, contender, score, score_without
- ``partial-answers``: contender, answered, rows
- ``stopped-early``: contender, opponent, asked, planned, saved, amount, amount_low, amount_high
- ``answers-outside-labels``: contender, rows, example, how
- ``missing-answers``: contender, rows, share, score, score_dropped, how
- ``both-policies-differ``: contender, word, other, word_other, rows, how (words of `Verdict.word`)
- ``both-policies-differ-in-word``: contender, word, word_other, rows, how
- ``both-policies-agree``: contender, rows, how
- ``llm-may-have-seen-data``: contender
- ``answers-one-per-row``: contender
- ``answers-labels-used-for-threshold``: contender, rows
- ``lockbox-openings``: openings
- ``seeds-rows-only``: contender, seeds
- ``test-cannot-show``: detectable
- ``dropped-contenders``: count, contenders
- ``failed-contenders``: count, contenders
- ``degraded-plan``: change
- ``fit-note``: contender, note, fits
- ``prompt-spread``: contender, rows, how, spread_wordings, spread_draws, repeated, changed, share
- ``nearest-shots``: contender, shots, by, how
- ``injection``: contender, rows, asked, flipped, steered, lost
- ``pretrained-may-have-seen-data``: count, contenders
- ``origin-not-recorded``: contender
- ``reference-replaced``: planned, used
- ``price-assumed``: names (of `PriceRecord`)
- ``price-unknown``: names
- ``few-groups``: column, groups
- ``learner-differs``: contender, p
- ``lockbox-disagrees``: contender, score, score_lockbox
- ``unfinished``: done, cells
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bakeoff.report import numbers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bakeoff.report.numbers import Rounding
    from bakeoff.report.words import Words
    from bakeoff.results.records import Finding, Value

_LOUDNESS = {"error": 0, "warning": 1}
_ROWS_SHOWN = 8
_SWITCHES = ("by_nature", "all_missing", "better")


class Speaker(Protocol):
    """What a finding's sentence needs to know of the run: `Case`, or a plan alone."""

    @property
    def words(self) -> Words:
        """The words of the reader's language."""

    def label(self, name: str) -> str:
        """Return a contender's name as it is shown."""

    def score(self, value: float) -> str:
        """Return a score of the primary metric."""

    def amount(self, difference: float, *, rounding: Rounding = "nearest") -> str:
        """Return a difference in the primary metric."""


@dataclass(frozen=True, slots=True)
class Said:
    """A finding as it is shown."""

    code: str
    level: str
    level_word: str
    sentence: str
    rows: str


def say(finding: Finding, case: Speaker) -> Said:
    """Return the sentence of a finding, or its code and values where there is none."""
    level = f"level.{finding.level}"
    rows = ", ".join(str(row) for row in finding.rows[:_ROWS_SHOWN])
    more = ", \N{HORIZONTAL ELLIPSIS}" if len(finding.rows) > _ROWS_SHOWN else ""
    return Said(
        code=finding.code,
        level=finding.level if finding.level in (*_LOUDNESS, "info") else "info",
        level_word=case.words(level) if level in case.words else finding.level,
        sentence=_sentence(finding, case),
        rows=case.words("finding.rows", rows=rows + more) if rows else "",
    )


def loudest_first(findings: Iterable[Finding]) -> list[Finding]:
    """Return errors, then warnings, then the rest, each in the order given."""
    return sorted(findings, key=lambda finding: _LOUDNESS.get(finding.level, 2))


def _sentence(finding: Finding, case: Speaker) -> str:
    shown = {name: _value(name, value, case) for name, value in finding.values.items()}
    for key in _keys(finding):
        if key in case.words:
            try:
                return case.words(key, **shown)
            except KeyError:
                continue  # a value is missing: say what there is
    listed = "; ".join(f"{name} = {_bare(value)}" for name, value in shown.items())
    return f"{finding.code}: {listed}" if listed else finding.code


def _bare(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return numbers.count(value) if isinstance(value, int) else str(value)


def _keys(finding: Finding) -> list[str]:
    """Return the keys of the sentences that fit, the most special first."""
    key, values = f"found.{finding.code}", finding.values
    special = [f"{key}.{name.replace('_', '-')}" for name in _SWITCHES if values.get(name) is True]
    if isinstance(values.get("how"), str):
        special.append(f"{key}.{values['how']}")
    return [*special, key]


def _value(name: str, value: Value, case: Speaker) -> object:
    if value is None:
        return case.words("page.unknown")
    if isinstance(value, float):
        return _number(name, value, case)
    if not isinstance(value, str):
        return value
    if name in ("contender", "other", "planned", "used", "opponent"):
        return case.label(value)
    if name == "contenders":
        return case.words.listing([case.label(one) for one in value.split(", ")])
    if name == "names":
        return case.words.listing([_named("price", one, case) for one in value.split(", ")])
    kind = {"part": "part", "first": "part", "second": "part"}.get(name)
    kind = "word" if name.startswith("word") else kind
    return value if kind is None else _named(kind, value, case)


def _named(kind: str, name: str, case: Speaker) -> str:
    """Return our words for a name of ours, or the name as it is."""
    key = f"{kind}.{name}"
    return case.words(key) if key in case.words else name


def _number(name: str, value: float, case: Speaker) -> str:
    if name == "share":
        return numbers.percentage(value)
    if name.startswith("score"):
        return case.score(value)
    if name.startswith(("amount", "spread")):
        return case.amount(value)
    if name == "detectable":
        return case.amount(value, rounding="up")
    return numbers.significant(value, 2 if name != "value" else 3)
