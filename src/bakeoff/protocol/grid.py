"""The cells of a plan, in the order in which they are run: cheap ones first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bakeoff.results.records import Cell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bakeoff.results.records import ContenderRecord, Plan

FOLD, FINAL, PASS, LOCKBOX, MEASURE = "fold", "final", "pass", "lockbox", "measure"

ASK = "ask"
"""The phase of paid passes; their cells are passes like others."""


def replicates(contender: ContenderRecord, plan: Plan) -> list[tuple[int, int]]:
    """Return (repeat, seed) of every time that a contender goes through the folds.

    Repeats of the split and seeds run side by side, not crossed: replicate ``r`` uses split
    ``r mod repeats`` and seed ``r mod seeds``, so that "5 times 5 folds, 5 seeds" is 25 fits.
    """
    seeds = contender.seeds or plan.splits.seeds[:1]
    times = max(plan.splits.repeats, len(seeds))
    return [(r % plan.splits.repeats, seeds[r % len(seeds)]) for r in range(times)]


def first_cells(plan: Plan) -> list[Cell]:
    """Return the cells that need nothing before them: passes that cost nothing, and folds.

    The first two folds of every contender come before all others, cheap contenders first, so that
    a first table with intervals stands early.
    """
    return _passes_and_folds(plan, [c for c in plan.contenders if not (c.metered or c.asks)])


def ask_cells(plan: Plan) -> list[Cell]:
    """Return the passes that are paid for; what they are compared with is known by then."""
    return _passes_and_folds(plan, [c for c in plan.contenders if c.metered])


def together_cells(plan: Plan) -> list[Cell]:
    """Return the folds of what combines trained models with the answers that were paid for."""
    return _passes_and_folds(plan, [c for c in plan.contenders if c.asks])


def planned_cells(plan: Plan) -> list[Cell]:
    """Return all cells of a plan."""
    found = [*first_cells(plan), *ask_cells(plan), *together_cells(plan)]
    return [*found, *final_cells(plan), *measure_cells(plan)]


def _passes_and_folds(plan: Plan, contenders: Sequence[ContenderRecord]) -> list[Cell]:
    ordered: list[tuple[tuple[int, int, int, int], Cell]] = []
    for position, contender in enumerate(contenders):
        if contender.dropped:
            continue
        if not contender.learns:
            ordered.append(((0, 0, position, 0), Cell(contender.name, PASS, 0, 0, 0)))
            continue
        if not contender.folds or plan.splits.folds == 1:
            continue
        for number, (repeat, seed) in enumerate(replicates(contender, plan)):
            for fold in range(plan.splits.folds):
                early = 0 if number == 0 and fold < 2 else 1
                key = (early, contender.rank, position, number * plan.splits.folds + fold)
                ordered.append((key, Cell(contender.name, FOLD, repeat, fold, seed)))
    return [cell for _, cell in sorted(ordered, key=lambda pair: pair[0])]


def final_cells(plan: Plan) -> list[Cell]:
    """Return the refits on everything but the lockbox, one for each seed.

    Where the lockbox decides, every seed's refit predicts it; else one refit is enough. The dearest
    come first, so that no worker is left with one of them while the others have nothing to do.
    """
    cells = []
    for contender in sorted(plan.contenders, key=lambda c: (-(c.estimate_s or 0.0), c.rank)):
        if contender.dropped or not contender.is_model:
            continue
        seeds = contender.seeds or plan.splits.seeds[:1]
        if plan.splits.evidence == "oof":
            seeds = seeds[:1]
        cells += [Cell(contender.name, FINAL, 0, 0, seed) for seed in seeds]
    return cells


def measure_cells(plan: Plan) -> list[Cell]:
    """Return the measurements of latency and throughput, for the last, quiet phase."""
    return [
        Cell(c.name, MEASURE, 0, 0, (c.seeds or plan.splits.seeds)[0])
        for c in sorted(plan.contenders, key=lambda c: c.rank)
        if not c.dropped and c.is_model
    ]
