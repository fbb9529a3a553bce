"""Records of an update: what a model gained on new rows, and what it lost on old ones."""

from __future__ import annotations

from dataclasses import dataclass

from bakeoff.results.analysis import Estimate  # noqa: TC001 - the codec resolves them


@dataclass(frozen=True, slots=True)
class Change:
    """A model after its update against itself before, on the same rows.

    Args:
        rows: How many were judged.
        before: Score before, in the metric's own direction.
        after: Score after.
        difference: Paired, positive: better after.
        word: As of `results.analysis.Comparison`.
    """

    rows: int
    before: Estimate
    after: Estimate
    difference: Estimate
    word: str


@dataclass(frozen=True, slots=True)
class UpdateRecord:
    """An update.

    Args:
        contender: Whose model it is.
        metric: The primary metric.
        percent: Whether it is shown in per cent.
        source: The new rows.
        new_rows: New rows learned from, validation rows included.
        replayed_rows: Old rows learned from again.
        left_out: New rows without a label, and those that repeat a judging row.
        new: The change on new rows held out.
        old: The change on old rows; None: none are known.
        old_origin: ``"lockbox"``, ``"file"`` or ``""``.
        openings: How often the old run's lockbox has been opened by now; 0: there is none.
        take: Whether to take the update.
        sentence: Why, in words.
        notes: What a reader must know.
        folder: Where the updated model lies.
    """

    contender: str
    metric: str
    percent: bool
    source: str
    new_rows: int
    replayed_rows: int
    left_out: int
    new: Change
    old: Change | None
    old_origin: str
    openings: int
    take: bool
    sentence: str
    notes: tuple[str, ...]
    folder: str
