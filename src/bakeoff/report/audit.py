"""What the audit saw, in lines for the terminal: before there is any result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bakeoff.report import numbers
from bakeoff.report.findings import loudest_first, say
from bakeoff.report.visible import one_line
from bakeoff.report.words import Words, words_for

if TYPE_CHECKING:
    from bakeoff.report.numbers import Rounding
    from bakeoff.results.records import Plan


def audit_lines(plan: Plan, lang: str = "en") -> list[str]:
    """Return one line for each finding of a plan, warnings first.

    Raises:
        UsageError: There are no words in that language.
    """
    speaker = _PlanSpeaker(plan, words_for(lang, plan.task.kind))
    said = [say(finding, speaker) for finding in loudest_first(plan.findings)]
    template = "terminal.finding"
    return [
        one_line(speaker.words(template, level=one.level_word, sentence=one.sentence))
        for one in said
    ]


@dataclass(frozen=True, slots=True)
class _PlanSpeaker:
    """Names and numbers where only the plan is known."""

    plan: Plan
    words: Words

    def label(self, name: str) -> str:
        """Return a contender's registry name."""
        return one_line(name)

    def score(self, value: float) -> str:
        """Return a number; a plan does not tell the metric's unit."""
        return numbers.significant(value, 3)

    def amount(self, difference: float, *, rounding: Rounding = "nearest") -> str:
        """Return a number; a plan does not tell the metric's unit."""
        return numbers.significant(difference, 2, rounding=rounding)
