"""The judge's records: everything that the decision page shows, computed once, in numbers.

Sentences are made from these by the report, in the reader's language.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bakeoff.results.records import Cost, Finding  # noqa: TC001 - the codec resolves them


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its interval; ``low`` and ``high`` are None where none can be given."""

    value: float
    low: float | None
    high: float | None
    n: int
    method: str
    """``"wilson"``, ``"bootstrap"``, ``"bootstrap, rows only"``, ``"confidence sequence"``, ..."""


@dataclass(frozen=True, slots=True)
class MetricRecord:
    """Facts of a metric that a table needs."""

    name: str
    title: str
    higher_is_better: bool
    percent: bool
    """Differences are spoken of as points."""


@dataclass(frozen=True, slots=True)
class Money:
    """What predictions cost, in dollars; None where a price is unknown."""

    per_1000: float | None
    per_month: float | None
    unknown: tuple[str, ...] = ()
    """Names of the prices that are not known."""
    per_1000_low: float | None = None
    """95 % interval of ``per_1000`` (usage differs from row to row), where one can be given."""
    per_1000_high: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One contender in the leaderboard, best first."""

    name: str
    title: str
    family: str
    state: str
    """``"done"``, ``"failed"``, ``"dropped"``, ``"unfinished"`` or ``"stopped"`` (asked no further,
    because it was decided: its score is of few rows, and is not ranked)."""
    reason: str
    learns: bool
    baseline: bool
    is_choice: bool
    is_reference: bool
    tied: bool
    """Not shown to be worse than the best."""
    score: Estimate | None
    """Primary metric on the rows that all are compared on."""
    score_everywhere: Estimate | None
    """On all evidence rows that it predicted (differs when answers are partial)."""
    lockbox: Estimate | None
    """On the lockbox, if it was opened for this contender."""
    metrics: dict[str, float]
    """All other metrics on the compared rows."""
    recall_per_class: tuple[float | None, ...]
    missing: dict[str, int]
    """Status -> rows without a prediction."""
    score_missing_dropped: float | None
    """Primary metric over the rows that it did answer, if some are missing."""
    cost: Cost
    money: Money
    seeds: int
    variant_of: str | None = None
    share_sent: float | None = None
    """For cascades: share of rows sent on."""
    out_of_fold: dict[str, Estimate] = field(default_factory=dict)
    """Metric -> estimate over every out-of-fold row that it answered: the primary metric and those
    that everyone speaks of (accuracy and macro recall, or the mean squared error)."""
    held_out: dict[str, Estimate] = field(default_factory=dict)
    """The same over every row of the lockbox, where that was opened for it."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A contender against another one, paired row by row; positive: the contender is better."""

    name: str
    against: str
    difference: Estimate
    """Interval adjusted for the family of comparisons."""
    p: float
    p_adjusted: float
    test: str
    word: str
    """``"better"``, ``"worse"``, ``"equivalent"``, ``"better-trivially"``, ``"worse-trivially"``
    or ``"undecided"``."""
    only_first_right: int | None
    """Discordant rows, for metrics of right and wrong."""
    only_second_right: int | None
    labels_needed: int | None
    """About how many more labels give an 80 % chance to leave "undecided"; None if not so."""
    labels_needed_beyond: bool
    """More than ten times the data: ``labels_needed`` is then that limit."""
    learner_p: float | None = None
    """Corrected resampled t over folds: about the recipe, not this model."""
    p_better: float | None = None
    p_equivalent: float | None = None
    p_worse: float | None = None
    """Bayesian correlated t with the ROPE."""


@dataclass(frozen=True, slots=True)
class Share:
    """A cascade at one share of rows sent on."""

    share: float
    score: Estimate
    difference: Estimate
    """Against the reference; positive is better than it."""
    money: Money


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision."""

    choice: str
    word: str
    """Of the choice against the reference, or against the best other if it is the reference:
    ``"better"``, ``"equivalent"``, ``"better-trivially"``, ``"worse"``, ``"undecided"``, or
    ``"nothing-beats-guessing"``."""
    why: str
    """``"best"``, ``"cheapest-of-tied"``, ``"local-of-tied"``, ``"only-one"``."""
    regret: float
    """max over contenders of (score - score of the choice), at least 0, oriented."""
    regret_upper: float
    """One-sided simultaneous 95 % bound."""
    against: str
    """The contender that the sentence compares with: the reference, or the best other."""
    comparison: Comparison | None
    gap_upper: float | None
    """One-sided 95 % bound of how far the choice is below ``against``."""
    tied: tuple[str, ...]
    labels_used: int
    labels_needed: int | None
    labels_needed_beyond: bool
    detectable: float | None
    """Smallest difference that this test can show, after the run (power .8)."""
    shipped: str = ""
    """Name of the saved model behind the choice (for a cascade, the one with the chosen share)."""
    shares: tuple[Share, ...] = ()
    closing_share: float | None = None
    """Smallest share sent to the LLM at which the gap is gone, or None."""
    cascade: str | None = None


@dataclass(frozen=True, slots=True)
class Confusion:
    """Row-normalised confusion of one contender."""

    name: str
    classes: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    """Rows: truth; columns: prediction; a last column counts missing predictions."""


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Rows whose largest probability lies in one bin."""

    low: float
    high: float
    n: int
    mean_confidence: float
    accuracy: Estimate


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A row on which the choice and the contender it is compared with differ."""

    id: int
    row: int
    texts: dict[str, str]
    """Input column -> text, uncut; pictures as ``data:`` URIs of thumbnails."""
    truth: str
    first: str
    second: str
    first_confidence: float | None
    second_confidence: float | None


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything that the page shows."""

    version: int
    metrics: tuple[MetricRecord, ...]
    """The first is primary."""
    rows: tuple[Row, ...]
    comparisons: tuple[Comparison, ...]
    """The family: all against the reference."""
    verdict: Verdict
    compared_rows: int
    evidence: str
    confusions: tuple[Confusion, ...]
    reliability: dict[str, tuple[ReliabilityBin, ...]]
    scatter: dict[str, tuple[tuple[float, float], ...]]
    """For regression: contender -> (truth, prediction) of up to 1,000 compared rows."""
    disagreements: tuple[Disagreement, ...]
    disagreements_in_all: int
    disagreement_pair: tuple[str, str] | None
    threats: tuple[Finding, ...]
    lockbox_openings: int
    samples: dict[str, str] = field(default_factory=dict)
    """For language models: contender -> a text that it wrote."""
    environment: dict[str, str] = field(default_factory=dict)
    machine: str = ""
    date: str = ""
    spent_cpu_s: float = 0.0
    wall_s: float = 0.0
