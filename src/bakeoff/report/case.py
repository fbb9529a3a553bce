"""A plan and its analysis, looked up and put into words of one language."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bakeoff.report import numbers
from bakeoff.report.visible import one_line, short

if TYPE_CHECKING:
    from bakeoff.report.numbers import Rounding
    from bakeoff.report.words import Words
    from bakeoff.results.analysis import Analysis, Comparison, Estimate, MetricRecord, Row
    from bakeoff.results.records import ContenderRecord, Plan

LLM_ORIGIN = "llm"
"""Value of an ``answers:`` contender's setting ``origin``: a large language model of no recorded
name. Any other text there is shown as it is; none at all means that the origin is not recorded."""

_LONGEST_NAME = 72

_OPPOSITE = {
    "better": "worse",
    "worse": "better",
    "better-trivially": "worse-trivially",
    "worse-trivially": "better-trivially",
}


@dataclass(frozen=True, slots=True)
class Case:
    """What the page is about; every part of the report asks it for names and numbers."""

    plan: Plan
    analysis: Analysis
    words: Words

    @property
    def primary(self) -> MetricRecord:
        """The metric that the verdict is about."""
        return self.analysis.metrics[0]

    @property
    def board(self) -> tuple[Row, ...]:
        """The rows of the leaderboard: settings tried side by side are left to their own figure."""
        return tuple(row for row in self.analysis.rows if row.variant_of is None)

    @property
    def ranked(self) -> tuple[Row, ...]:
        """The contenders with a score, best first."""
        return tuple(row for row in self.board if row.state == "done" and row.score is not None)

    @property
    def drawn(self) -> tuple[Row, ...]:
        """The contenders with a score, those that were stopped early included: not a ranking."""
        return tuple(
            row for row in self.board if row.state in ("done", "stopped") and row.score is not None
        )

    def row(self, name: str) -> Row | None:
        """Return the leaderboard's row of a contender, if it has one."""
        return next((row for row in self.analysis.rows if row.name == name), None)

    @property
    def choice(self) -> Row | None:
        """The chosen contender."""
        return self.row(self.analysis.verdict.choice)

    @property
    def against(self) -> Row | None:
        """What the choice is compared with: the reference, or the best other; None if alone."""
        other = self.row(self.analysis.verdict.against)
        return None if other is None or other.name == self.analysis.verdict.choice else other

    def planned(self, name: str) -> ContenderRecord | None:
        """Return a contender as it was planned."""
        return next((one for one in self.plan.contenders if one.name == name), None)

    # Names

    def label(self, name: str) -> str:
        """Return a contender's name for tables and figures: one line, very long names cut."""
        parts = self.cascade_parts(name)
        if parts is not None:
            return f"{self.label(parts[0])} \N{RIGHTWARDS ARROW} {self.label(parts[1])}"
        record = self.planned(name)
        origin = record.settings.get("origin") if record is not None else None
        if origin and self._is_only_one_of(str(origin)):
            shown = self.words("name.llm-label") if origin == LLM_ORIGIN else str(origin)
            return short(shown, _LONGEST_NAME)
        row = self.row(name) or record
        title = name if row is None or _tells_nothing(row.title, name) else row.title
        return short(title, _LONGEST_NAME)

    def _is_only_one_of(self, origin: str) -> bool:
        """Return whether one contender alone has this origin, so that it can be named by it."""
        return [c.settings.get("origin") for c in self.plan.contenders].count(origin) == 1

    def spoken(self, name: str, *, again: bool = False) -> str:
        """Return a contender's name for a sentence; ``again``: it was named in full before."""
        kind, _, column = name.partition(":")
        record = self.planned(name)
        if kind != "answers" or record is None or not _tells_nothing(record.title, name):
            return self.label(name)
        suffix = "-again" if again else ""
        origin = record.settings.get("origin")
        if origin == LLM_ORIGIN:
            return self.words(f"name.llm{suffix}")
        if origin:
            return short(str(origin), _LONGEST_NAME)
        return self.words(f"name.answers{suffix}", column=short(column, _LONGEST_NAME))

    def cascade_parts(self, name: str) -> tuple[str, str] | None:
        """Return the names of a cascade's two parts, if its name tells them."""
        kind, _, rest = name.partition(":")
        first, arrow, second = rest.partition(">")
        known = {one.name for one in self.plan.contenders} | {
            row.name for row in self.analysis.rows
        }
        if kind != "cascade" or not arrow or first not in known or second not in known:
            return None
        return first, second

    def family(self, family: str) -> str:
        """Return the words for a family of contenders."""
        key = f"family.{family}"
        return self.words(key) if key in self.words else one_line(family)

    def metric(self, metric: MetricRecord) -> str:
        """Return a metric's title."""
        key = f"metric.{metric.name}"
        return self.words(key) if key in self.words else short(metric.title or metric.name, 40)

    # Numbers in the unit of the primary metric

    @property
    def usual_half_width(self) -> float | None:
        """Half the width of a middling interval: it gives all scores the same digits.

        None where the intervals are so unlike that each score had better have its own.
        """
        widths = sorted(
            width
            for row in self.ranked
            if not row.baseline and row.score is not None
            if (width := numbers.half_width(row.score.low, row.score.high))
        )
        if not widths:
            return None
        unlike = numbers.decimals_for(widths[0]) - numbers.decimals_for(widths[-1]) > 1
        return None if unlike else widths[len(widths) // 2]

    def score(self, value: float) -> str:
        """Return a score of the primary metric."""
        return numbers.score(value, self.usual_half_width, percent=self.primary.percent)

    def estimate(self, estimate: Estimate | None) -> str:
        """Return a score with its interval: ``.876 [.859, .892]``."""
        if estimate is None:
            return self.words("page.none")
        ends = (estimate.low, estimate.high)
        width = self.usual_half_width
        return numbers.interval(estimate.value, *ends, percent=self.primary.percent, width=width)

    def signed(self, estimate: Estimate) -> str:
        """Return a difference with its interval, in points or in the metric's own unit."""
        factor = 100 if self.primary.percent else 1
        width = numbers.half_width(estimate.low, estimate.high)
        decimals = max(numbers.decimals_for(factor * (width or 0)), 1 if factor > 1 else -9)
        if width is None or estimate.low is None or estimate.high is None:
            return _signed(factor * estimate.value, decimals)
        low, high = (_signed(factor * end, decimals) for end in (estimate.low, estimate.high))
        return f"{_signed(factor * estimate.value, decimals)} [{low},{numbers.SPACE}{high}]"

    def amount(
        self, difference: float, *, rounding: Rounding = "nearest", named: bool = True
    ) -> str:
        """Return the size of a difference for a sentence: ``1.2 points``.

        Args:
            difference: In the unit of the primary metric.
            rounding: Outwards for a bound, so that it stays one.
            named: Whether a metric that is not in per cent is named (`unit` names it elsewhere).
        """
        if not self.primary.percent:
            number = numbers.significant(difference, 2, rounding=rounding)
            metric = self.metric(self.primary)
            return self.words("amount.named", number=number, metric=metric) if named else number
        number = numbers.points(difference, rounding=rounding)
        return self.words("amount.point" if number == "1" else "amount.points", number=number)

    @property
    def unit(self) -> str:
        """Where a sentence's amounts are not in points: in which metric they are."""
        metric = self.metric(self.primary)
        return "" if self.primary.percent else self.words("amount.unit", metric=metric)

    def typical_error(self, row: Row) -> float | None:
        """Return the root of the mean squared error where that is the primary metric."""
        if self.primary.name != "mse" or row.score is None or not row.score.value >= 0:
            return None
        return math.sqrt(row.score.value)

    def comparison_word(self, comparison: Comparison) -> str:
        """Return the verdict of a comparison in words, with the labels that would settle it."""
        if comparison.word == "undecided" and comparison.labels_needed is not None:
            if comparison.labels_needed_beyond:
                return self.words("word.undecided-beyond")
            return self.words(
                "word.undecided-labels", needed=numbers.about(comparison.labels_needed)
            )
        key = f"word.{comparison.word}"
        return self.words(key) if key in self.words else one_line(comparison.word)


def _tells_nothing(title: str, name: str) -> bool:
    """Return whether a title is only the registry name again."""
    return not title or title.replace(" ", "") == name.replace(" ", "")


def _signed(value: float, decimals: int) -> str:
    text = numbers.plain(value, decimals)
    return f"+{text}" if value > 0 and text.strip("0.,") else text


def oriented(comparison: Comparison, first: str) -> Comparison:
    """Return the comparison as seen by ``first``: positive differences are in its favour."""
    if comparison.name == first:
        return comparison
    seen = comparison.difference
    return replace(
        comparison,
        name=comparison.against,
        against=comparison.name,
        difference=replace(
            seen,
            value=-seen.value,
            low=None if seen.high is None else -seen.high,
            high=None if seen.low is None else -seen.low,
        ),
        word=_OPPOSITE.get(comparison.word, comparison.word),
        only_first_right=comparison.only_second_right,
        only_second_right=comparison.only_first_right,
        p_better=comparison.p_worse,
        p_worse=comparison.p_better,
    )
