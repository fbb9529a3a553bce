"""Time: what a plan is expected to take, and what is given up, openly, to keep the limit."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from bakeoff.data.columns import ColumnType
from bakeoff.data.corpus import KIND

if TYPE_CHECKING:
    from bakeoff.contenders.base import Contender
    from bakeoff.plan.options import Options
    from bakeoff.plan.prepare import Prepared

OVERHEAD_S = 8.0
"""Seconds beside the fits: reading, measuring, judging, drawing."""

DRIVER_BYTES, WORKER_BYTES, BYTES_PER_ROW = 300 * 2**20, 250 * 2**20, 6_500
"""Measured on short texts; a worker holds the features of its fold."""

INNER_FOLDS = 3

USUAL_SIDE, SAMPLE_PICTURES = 32, 50
"""Cards give their seconds for pictures that are so many pixels wide and high."""

USUAL_CHARACTERS, LEAST_TEXT_SCALE, SAMPLE_ROWS = 100, 0.3, 1_000
"""Cards give their seconds for texts of so many characters; longer ones take longer."""

PRESETS = {"quick": (3, 1, 1), "balanced": (5, 1, 3), "thorough": (5, 5, 5)}
"""Folds, repeats of the split, seeds."""

TEXT_PRESETS = {"quick": (1, 1, 1), "balanced": (1, 1, 1), "thorough": (5, 1, 5)}
"""The same for language modelling: every byte of the held-out stretch is a trial of its own, so
that it decides without folds, and a fit is long."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How often everything is done."""

    folds: int
    repeats: int
    seeds: int


def effort(options: Options) -> Effort:
    """Return the preset's effort with the user's own numbers in place."""
    folds, repeats, seeds = (TEXT_PRESETS if options.kind == KIND else PRESETS)[options.preset]
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
    # A combined contender fits each part once on all rows and once on each inner fold.
    parts = sum(fit_seconds(part, rows) for part in contender.parts())
    return contender.fit_seconds(rows) + (1 + INNER_FOLDS) * parts


def shared_fit_seconds(contender: Contender, rows: int, counted: set[str]) -> float:
    """Return the expected CPU-seconds of one fit, less those of parts that are fitted anyway.

    Parts are remembered: one that competes itself, or is a part of others too, is fitted once.

    Args:
        contender: Of the plan.
        rows: That it learns from.
        counted: Fits that were counted before; those of this contender are added.
    """
    total = contender.fit_seconds(rows)
    for part in contender.parts():
        for fit, times in ((part.name, 1), (f"inner {part.name}", INNER_FOLDS)):
            if fit not in counted:
                counted.add(fit)
                total += times * fit_seconds(part, rows)
    return total


def text_scale(prepared: Prepared) -> float:
    """Return how much longer a row's texts are than 100 characters, from the first rows."""
    table = prepared.dataset.table.slice(0, SAMPLE_ROWS)
    names = [c.name for c in prepared.task.inputs if c.type is ColumnType.TEXT]
    characters = sum(pc.sum(pc.utf8_length(table[name])).as_py() or 0 for name in names)
    if not characters or not table.num_rows:
        return 1.0
    return float(max(LEAST_TEXT_SCALE, characters / table.num_rows / USUAL_CHARACTERS))


def picture_scale(prepared: Prepared) -> float:
    """Return how many more pixels the first pictures have than 32 x 32, as nets read them."""
    names = [c.name for c in prepared.task.inputs if c.type is ColumnType.IMAGE]
    if not names:
        return 1.0
    from bakeoff.models.images import natural_side

    cells = prepared.dataset.table[names[0]].slice(0, SAMPLE_PICTURES).to_pylist()
    try:
        side = natural_side([cell or b"" for cell in cells], largest=2 * USUAL_SIDE)
    except (OSError, ValueError, SyntaxError):
        # A picture that cannot be read is not the estimate's business: a fit says so, by name.
        side = USUAL_SIDE
    return (side / USUAL_SIDE) ** 2


def scale_of(contender: Contender, texts: float, pictures: float) -> float:
    """Return by how much a fit takes longer than its card says, for these texts and pictures."""
    if reads_text(contender):
        return texts
    return pictures if ColumnType.IMAGE in contender.card.reads else 1.0


def reads_text(contender: Contender) -> bool:
    """Return whether the contender, or a part of it, reads text."""
    return ColumnType.TEXT in contender.card.reads or any(map(reads_text, contender.parts()))


def expected_bytes(rows: int, workers: int) -> int:
    """Return a rough sum of what the driver and its workers need in memory."""
    return int(DRIVER_BYTES + workers * (WORKER_BYTES + rows * BYTES_PER_ROW))
