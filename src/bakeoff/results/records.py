"""The records of a run: what was planned, what was done, what it cost.

All are frozen and hold only plain values, so that they can be written as JSON and read by
anything. `results.codec` reads and writes them; ``version`` says by which rules.
"""

from __future__ import annotations

from dataclasses import dataclass, field

RECORD_VERSION = 1

Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something seen in the data, or a threat to the conclusion.

    Args:
        code: What it is, for example ``"duplicates-across-splits"``; the report has the sentence
            for it in both languages, with ``values`` filled in.
        level: ``"info"``, ``"warning"`` (the reader must know) or ``"error"`` (the plan stops).
        values: Numbers and names for the sentence.
        rows: Ids of a few rows that show it.
    """

    code: str
    level: str
    values: dict[str, Value] = field(default_factory=dict)
    rows: tuple[int, ...] = ()


def finding(code: str, level: str, /, *, ids: tuple[int, ...] = (), **values: Value) -> Finding:
    """Return a finding; the values are named as the report's sentence for the code needs them."""
    return Finding(code, level, values, ids)


@dataclass(frozen=True, slots=True)
class ColumnRecord:
    """A column, the type it was given, its role and why."""

    name: str
    type: str
    role: str
    """``"input"``, ``"target"``, ``"group"``, ``"answer"``, ``"id"`` or ``"unused"``."""
    reason: str


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """One file or table that was read."""

    part: str
    location: str
    sha256: str
    rows_in: int
    rows_kept: int
    rows_set_aside: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DataRecord:
    """The data of a run."""

    name: str
    fingerprint: str
    sources: tuple[SourceRecord, ...]
    columns: tuple[ColumnRecord, ...]
    set_aside: tuple[tuple[str, int, str], ...] = ()
    """Part, line and reason of rows that were set aside (the first 100)."""


@dataclass(frozen=True, slots=True)
class TaskRecord:
    """What is predicted from what."""

    kind: str
    target: str
    inputs: tuple[str, ...]
    classes: tuple[str, ...]
    metrics: tuple[str, ...]
    group: str | None
    settings: dict[str, str] = field(default_factory=dict)
    """What one kind of task needs beside these (the length of blocks, ...)."""


@dataclass(frozen=True, slots=True)
class SplitRecord:
    """How rows are split; the same for all contenders."""

    rule: str
    evidence: str
    """``"oof"``: out-of-fold predictions decide; ``"lockbox"``: the held-out test rows decide."""
    folds: int
    repeats: int
    seeds: tuple[int, ...]
    train_rows: int
    lockbox_rows: int
    lockbox_origin: str
    """``"official"`` or ``"held-out"``."""
    valid_origin: str
    """``"official"`` or ``"fold"``."""
    dropped_twins: int
    """Training rows dropped because a row of the official test equals them."""
    sha256: str


@dataclass(frozen=True, slots=True)
class CallsRecord:
    """What a contender would ask elsewhere, estimated; of three numbers: low, expected, high."""

    calls: int
    prompt_tokens: tuple[float, float, float]
    completion_tokens: tuple[float, float, float]
    cost: tuple[float, float, float] | None
    """Dollars; None where a price is not known."""
    prompts: tuple[str, ...]
    """The words that are tried, each as it stands around the first row that is asked."""


@dataclass(frozen=True, slots=True)
class ContenderRecord:
    """One contender as planned."""

    name: str
    title: str
    """As the report shows it."""
    family: str
    summary: str
    settings: dict[str, Value]
    learns: bool
    deterministic: bool
    baseline: bool
    """A trivial baseline (guessing)."""
    reads: tuple[str, ...]
    unread: tuple[str, ...]
    """Input columns that it does not use."""
    rank: int
    variant_of: str | None = None
    """For settings tried side by side (cascade shares): the row that picks one by cross-fitting."""
    seeds: tuple[int, ...] = ()
    estimate_s: float | None = None
    """Expected seconds for all its cells."""
    dropped: str | None = None
    """Why the plan left it out (time limit), or None."""
    folds: bool = True
    """Whether it goes through the folds (not where only the lockbox has what it needs)."""
    is_object: bool = False
    """Given as a Python object: it runs in the driver's process, no other can load it."""
    pretrained: bool = False
    """Sets out from weights learned elsewhere, on data that may hold these rows."""
    hosted: bool = False
    """Does not learn, and yet is a model that runs here."""
    metered: bool = False
    """Is paid for by the call: asked on some rows only, in a fixed random order."""
    calls: CallsRecord | None = None
    """Of one that is paid for by the call: what the run would ask."""
    asks: tuple[str, ...] = ()
    """Parts that are paid for by the call: it is judged on the rows that they were asked on, and
    uses the answers that they gave there."""

    @property
    def is_model(self) -> bool:
        """Whether it runs here: it is kept, measured, and takes machine time."""
        return self.learns or self.hosted


@dataclass(frozen=True, slots=True)
class PriceRecord:
    """Prices and volumes used, each with where it comes from."""

    machine_per_cpu_hour: float
    hosting_per_month: float
    volume_per_month: float
    per_row: dict[str, float] = field(default_factory=dict)
    """``"answers:COLUMN"`` -> dollars a row."""
    assumed: tuple[str, ...] = ()
    """Names of the values above that are defaults and not the user's."""
    per_million: dict[str, tuple[float, float]] = field(default_factory=dict)
    """``"llm:MODEL@URL"``, ``"llm:MODEL"`` or ``"llm"`` (any) -> dollars for a million tokens of
    the prompt, and of the answer."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be done, fixed and hashed before training."""

    version: int
    name: str
    command: str
    question: str
    """SHA-256 of what was asked: options, data and version; the same question resumes this plan."""
    data: DataRecord
    task: TaskRecord
    splits: SplitRecord
    contenders: tuple[ContenderRecord, ...]
    reference: str
    reference_reason: str
    rope: float | None
    """In the unit of the primary metric (.01 = one point for metrics in per cent)."""
    alpha: float
    preset: str
    seed: int
    time_limit_s: float
    cell_limit_s: float
    prices: PriceRecord
    findings: tuple[Finding, ...]
    """What the audit saw before training."""
    notes: tuple[str, ...] = ()
    """What was degraded or dropped to keep the limits, said openly."""
    detectable: float | None = None
    """Smallest difference in the primary metric that can be shown (power .8), guessed before."""
    workers: int = 1
    """Processes side by side, on the machine where the plan was made."""
    expected_s: float = 0.0
    """Wall seconds that the run was expected to take there."""
    expected_bytes: int = 0
    """Memory that the driver and its workers were expected to need together."""
    device: str = "auto"
    """Where nets run: ``"auto"`` is the best device that the machine has."""
    ask_rows: int | None = None
    """Rows that metered contenders are asked on, at most; None: all that may be asked."""
    max_cost: float | None = None
    """Dollars that the run may spend on calls."""
    max_calls: int | None = None
    """Calls that the run may make."""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one cell or one refitted model cost; None where it could not be measured."""

    train_s: float | None = None
    """CPU-seconds as if alone: cached parts are charged at their recorded price."""
    spent_s: float | None = None
    """CPU-seconds really spent."""
    wall_s: float | None = None
    predict_s: float | None = None
    latency_p50_s: float | None = None
    latency_p95_s: float | None = None
    throughput_per_s: float | None = None
    cpu_s_per_row: float | None = None
    """CPU-seconds of one prediction, in batches."""
    peak_memory_bytes: int | None = None
    model_bytes: int | None = None
    parameters: int | None = None
    flops_per_row: float | None = None
    energy_j: float | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """The unit of work: one contender on one fold with one seed."""

    contender: str
    stage: str
    """``"fold"`` (predict the held-out fold), ``"final"`` (fit on all but the lockbox) or
    ``"pass"`` (a contender that does not learn predicts every row once)."""
    repeat: int
    fold: int
    seed: int

    @property
    def key(self) -> str:
        """Name of the cell, fit for a file name once the contender is hashed."""
        return f"{self.contender}|{self.stage}|{self.repeat}|{self.fold}|{self.seed}"


@dataclass(frozen=True, slots=True)
class Opponent:
    """The trained contender that paid ones are compared with while they are asked."""

    name: str
    score: float
    """Primary metric over all out-of-fold rows."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a paid contender was asked no further: it was decided (see `statistics.sequential`).

    Differences are those of the metric on rows that judge, the asked contender less its opponent.
    """

    asked: int
    """Rows that were asked."""
    planned: int
    """Rows that would have been asked."""
    opponent: str
    """The best trained contender by cross-validation, fixed before the first call."""
    better: bool
    """Whether it was shown to be better than its opponent (else worse)."""
    e_value: float
    """Evidence against "neither is better"; its inverse is a p-value that holds at any stop."""
    difference: float
    """Mean difference, biased upwards in size by the stop."""
    low: float
    """Lower end of the 95 % confidence sequence of the difference."""
    high: float
    score: float
    """The asked contender's own mean, biased by the stop too."""
    score_low: float
    """Lower end of the 95 % confidence sequence of its own mean."""
    score_high: float
    rows: int
    """Rows that these are about: asked rows that judge."""


@dataclass(frozen=True, slots=True)
class CellRecord:
    """What became of a cell."""

    cell: Cell
    state: str
    """``"done"``, ``"failed"``, or ``"died"`` (its process ended: tried again by the next run)."""
    reason: str
    """Of a failure, in one line."""
    attempts: int
    cost: Cost
    file: str
    """Predictions, relative to the run folder; empty for a failed cell."""
    sha256: str
    started_at: str
    finished_at: str
    worker: str = ""
    notes: tuple[str, ...] = ()
    """What a reader of the result must know: a fit done again at a lower rate, a smaller batch."""
    stop: Stop | None = None
    """Of a paid pass that ended before its last row because the comparison was decided."""
