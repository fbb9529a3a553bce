"""Time: what a plan is expected to take, and what is given up, openly, to keep the limit."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bakeoff.contenders.base import Contender
    from bakeoff.plan.options import Options

OVERHEAD_S = 8.0
"""Seconds beside the fits: reading, measuring, judging, drawing."""

DRIVER_BYTES, WORKER_BYTES, BYTES_PER_ROW = 300 * 2**20, 250 * 2**20, 6_500
"""Measured on short texts; a worker holds the features of its fold."""

INNER_FOLDS = 3

PRESETS = {"quick": (3, 1, 1), "balanced": (5, 1, 3), "thorough": (5, 5, 5)}
"""Folds, repeats of the split, seeds."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How often everything is done."""

    folds: int
    repeats: int
    seeds: int


def effort(options: Options) -> Effort:
    """Return the preset's effort with the user's own numbers in place."""
    folds, repeats, seeds = PRESETS[options.preset]
    return Effort(options.folds or folds, repeats, options.seeds or seeds)


def usable_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


def cores(options: Options) -> int:
    """Return how many worker processes run side by side."""
    return options.workers or usable_cores()


def fit_seconds(contender: Contender, rows: int) -> float:
    """Return the expected CPU-seconds of one fit on ``rows`` rows, parts included."""
    own = contender.card.seconds_per_1000 * rows / 1000
    # A combined contender fits each part once on all rows and once on each inner fold.
    return own + (1 + INNER_FOLDS) * sum(fit_seconds(part, rows) for part in contender.parts())


def expected_bytes(rows: int, workers: int) -> int:
    """Return a rough sum of what the driver and its workers need in memory."""
    return int(DRIVER_BYTES + workers * (WORKER_BYTES + rows * BYTES_PER_ROW))


def all_fits(contender: Contender, plan: Effort, *, folds: bool) -> float:
    """Return how many fits a contender makes: folds times replicates, and the refit."""
    if not contender.card.learns:
        return 0.0
    seeds = 1 if contender.card.deterministic else plan.seeds
    replicates = max(plan.repeats, seeds)
    # Folds learn from (k - 1) / k of the rows.
    share = (plan.folds - 1) / plan.folds
    return (replicates * plan.folds * share if folds else 0.0) + 1


def degrade(
    wanted: Effort, limit_s: float, total: Callable[[Effort], float]
) -> tuple[Effort, tuple[str, ...]]:
    """Return an effort that keeps the limit if one does, and what was given up.

    Seeds go first, then repeats, then folds: each costs precision, none costs honesty.

    Args:
        wanted: What the preset asks for.
        limit_s: Wall seconds.
        total: Expected wall seconds of an effort.
    """
    now, notes = wanted, []
    steps: Sequence[tuple[str, int]] = (("seeds", 1), ("repeats", 1), ("folds", 3))
    for name, least in steps:
        before = getattr(now, name)
        if total(now) <= limit_s or before <= least:
            continue
        now = replace(now, **{name: least})
        notes.append(
            f"{name}: {least} instead of {before}, to keep the time limit of {limit_s:.0f} s"
        )
    return now, tuple(notes)
