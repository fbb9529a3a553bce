"""Records of several comparisons that are shown together: the table, and claims beside it."""

from __future__ import annotations

from dataclasses import dataclass, field

from bakeoff.results.analysis import Analysis, Estimate  # noqa: TC001 - the codec resolves them
from bakeoff.results.records import Plan  # noqa: TC001 - as above

SIDES = ("language", "deep", "classical", "answers", "both", "guessing")
"""Language models; other deep nets; models without deep learning; answers made elsewhere; cascades
of two sides; guessing."""


@dataclass(frozen=True, slots=True)
class Member:
    """One comparison of several.

    Args:
        name: Of its data set: ``"docstrings"``, ``"sst2"``.
        ground: Whose home it is: ``"text"`` or ``"image"``.
        page: Its decision page, seen from the folder of the common page.
        plan: What was planned.
        analysis: What the judge found.
        sides: Contender -> its side, one of `SIDES`.
        speaker: The contender that claims are measured on, chosen before the run.
        caveats: Codes of what must be said about the data: ``"recompressed"``, ``"dev-as-test"``.
        remarks: Contenders and files that were left out, a line each.
    """

    name: str
    ground: str
    page: str
    plan: Plan
    analysis: Analysis
    sides: dict[str, str]
    speaker: str
    caveats: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """A data set that belongs to the comparison and is not here."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Together:
    """Several comparisons.

    Args:
        full: Whether these are the sets that the claims are about (GLUE and CIFAR-10).
        members: The comparisons, in order.
        missing: Sets that were looked for and not found.
    """

    full: bool
    members: tuple[Member, ...]
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A contender in the common table; None where nothing was measured."""

    data: str
    side: str
    contender: str
    title: str
    state: str
    reason: str
    is_choice: bool
    metric: str
    """``"accuracy"`` or ``"mse"``."""
    out_of_fold: Estimate | None
    held_out: Estimate | None
    recall_out_of_fold: Estimate | None
    recall_held_out: Estimate | None
    own_metric: str
    """The set's usual metric where it is another one (GLUE's MCC, F1, Spearman), else empty."""
    own_out_of_fold: Estimate | None
    own_held_out: Estimate | None
    train_s: float | None
    """CPU-seconds of the one fit that is shipped, as if alone."""
    spent_s: float | None
    """CPU-seconds really spent on all its fits."""
    labels: int
    epochs: int | None
    folds: int
    seeds: int


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure that a claim is held against.

    Args:
        data: The set.
        contender: Name.
        title: As a table shows it.
        metric: Its name.
        value: The figure, or the advantage over ``against`` (positive: ahead).
        word: ``"above"``, ``"below"`` or ``"open"``.
        against: Title of the other contender, for a claim about an advantage.
        others: Its figure.
        paired: Whether ``value`` is a difference with a paired interval.
    """

    data: str
    contender: str
    title: str
    metric: str
    value: Estimate
    word: str
    against: str = ""
    others: Estimate | None = None
    paired: bool = False


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """A claim commonly made, and what was measured."""

    code: str
    """The report has the words."""
    word: str
    """``"holds"``, ``"fails"``, ``"open"`` (not shown) or ``"unmeasured"``."""
    threshold: float | None
    measured: tuple[Measured, ...] = ()
    of: int = 0
    """Sets that the claim speaks of."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What the command prints as JSON."""

    full: bool
    analyses: dict[str, Analysis]
    table: tuple[Line, ...]
    claims: tuple[ClaimResult, ...]
    missing: tuple[Missing, ...] = ()
    pages: dict[str, str] = field(default_factory=dict)
