"""From a finding's code and values to a sentence in the reader's language.

Codes and the names of their values (`Finding.values`); ``rows`` of the finding may hold a few ids.
Counts are whole numbers; ``share`` is a fraction of 1; ``score...`` and ``detectable`` are in the
unit of the primary metric; ``contender`` is a contender's name; ``names`` is one string with names
between commas. A code that is not listed (a third party's) is shown with its values, and so is one
whose values are incomplete.

Seen in the data, before training (`Plan.findings`):

- ``duplicates-within``: part, rows, near (how many of the rows are not exact copies)
- ``duplicates-across``: part, other, rows, near
- ``conflicting-labels``: groups, rows
- ``target-leak``: column, score
- ``id-like-input``: column, distinct, rows
- ``class-counts``: classes, largest, largest_rows, smallest, smallest_rows
- ``rare-class``: label, rows
- ``label-only-in-test``: label, rows
- ``groups-across-splits``: column, groups, rows
- ``constant-column``: column
- ``missing-values``: column, rows, share
- ``few-rows``: rows
- ``rows-set-aside``: rows
- ``column-unread``: contender, columns

Threats to the conclusion (`Analysis.threats`):

- ``twins-in-test``: rows, dropped, contender, score, score_without
- ``partial-answers``: contender, answered, rows
- ``answers-outside-labels``: contender, rows, example
- ``missing-answers``: contender, rows, share, score, score_dropped
- ``both-policies-differ``: contender, word, word_dropped (words of `Comparison.word`)
- ``llm-may-have-seen-data``: contender
- ``answers-one-per-row``: contender
- ``answers-labels-used-for-threshold``: contender, rows
- ``lockbox-openings``: openings
- ``seeds-rows-only``: contender, seeds
- ``test-cannot-show``: detectable
- ``dropped-contenders``: count, names
- ``failed-contenders``: count, names
- ``degraded-plan``: change
- ``origin-not-recorded``: contender
- ``price-assumed``: names
- ``price-unknown``: names
- ``few-groups``: column, groups
- ``learner-differs``: contender, p
- ``lockbox-disagrees``: contender, score, score_lockbox
- ``unfinished``: done, cells
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bakeoff.report import numbers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bakeoff.report.case import Case
    from bakeoff.results.records import Finding, Value

_LOUDNESS = {"error": 0, "warning": 1}
_ROWS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Said:
    """A finding as it is shown."""

    code: str
    level: str
    level_word: str
    sentence: str
    rows: str


def say(finding: Finding, case: Case) -> Said:
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


def _sentence(finding: Finding, case: Case) -> str:
    shown = {name: _value(name, value, case) for name, value in finding.values.items()}
    key = f"found.{finding.code}"
    if key in case.words:
        try:
            return case.words(key, **shown)
        except KeyError:
            pass  # a value is missing: say what there is
    listed = "; ".join(
        f"{name} = {numbers.count(value) if isinstance(value, int) else value}"
        for name, value in shown.items()
    )
    return f"{finding.code}: {listed}" if listed else finding.code


def _value(name: str, value: Value, case: Case) -> object:
    match value:
        case bool() | int():
            return value
        case float() if name == "share":
            return numbers.percentage(value)
        case float() if name.startswith("score"):
            return case.score(value)
        case float() if name == "detectable":
            return case.amount(value, rounding="up")
        case float():
            return numbers.significant(value, 2)
        case str() if name == "contender":
            return case.label(value)
        case str() if name.startswith("word") and f"word.{value}" in case.words:
            return case.words(f"word.{value}")
        case None:
            return case.words("page.unknown")
        case _:
            return value
