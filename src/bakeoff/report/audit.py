"""What the audit saw, in sentences, before there is anything to report on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bakeoff.report.case import Case
from bakeoff.report.findings import loudest_first, say
from bakeoff.report.words import Words
from bakeoff.results.analysis import Analysis, MetricRecord, Verdict
from bakeoff.results.records import RECORD_VERSION

if TYPE_CHECKING:
    from bakeoff.results.records import Plan


def audit_lines(plan: Plan, metric: MetricRecord, lang: str = "en") -> list[str]:
    """Return one sentence for each finding of the audit, the loudest first.

    Args:
        plan: What will be done.
        metric: Facts of the primary metric, so that scores are written as the page writes them.
        lang: ``"en"`` or ``"zh"``.
    """
    case = Case(plan, _nothing_yet(plan, metric), Words(lang))
    return [say(finding, case).sentence for finding in loudest_first(plan.findings)]


def _nothing_yet(plan: Plan, metric: MetricRecord) -> Analysis:
    verdict = Verdict(
        choice="",
        word="undecided",
        why="",
        regret=0.0,
        regret_upper=0.0,
        against="",
        comparison=None,
        gap_upper=None,
        tied=(),
        labels_used=plan.splits.train_rows,
        labels_needed=None,
        labels_needed_beyond=False,
        detectable=plan.detectable,
    )
    return Analysis(
        version=RECORD_VERSION,
        metrics=(metric,),
        rows=(),
        comparisons=(),
        verdict=verdict,
        compared_rows=0,
        evidence=plan.splits.evidence,
        confusions=(),
        reliability={},
        scatter={},
        disagreements=(),
        disagreements_in_all=0,
        disagreement_pair=None,
        threats=(),
        lockbox_openings=0,
    )
