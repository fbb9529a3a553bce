"""What is given up, openly, so that a comparison keeps its time limit."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bakeoff.plan.budget import OVERHEAD_S, Effort

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LEAST_FOLDS = 3

PATIENCE_S = 180.0
"""Who names neither contenders nor a time limit does not wait longer than this for spare nets."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one contender asks for.

    Args:
        name: As the user knows it.
        fit_s: CPU-seconds of one fit.
        learns: Whether it is fitted at all.
        folds: Whether it goes through the folds.
        seeded: Whether the seed changes its result, so that several are run.
        needed: It stays whatever it takes: guessing, answers, the plain model to beat.
        spare: It runs only where nobody has to wait for it: a net that was not asked for.
    """

    name: str
    fit_s: float
    learns: bool = True
    folds: bool = True
    seeded: bool = False
    needed: bool = False
    spare: bool = False

    def seconds(self, effort: Effort, *, one_seed: bool = False) -> float:
        """Return the CPU-seconds of all its fits: folds times replicates, and the refit."""
        if not self.learns:
            return 0.0
        seeds = effort.seeds if self.seeded and not one_seed else 1
        replicates = max(effort.repeats, seeds)
        if effort.folds == 1:
            # Without folds every seed learns once, from all rows, and the held-out rows decide.
            return self.fit_s * seeds
        # Folds learn from (k - 1) / k of the rows.
        share = (effort.folds - 1) / effort.folds
        return self.fit_s * ((replicates * effort.folds * share if self.folds else 0.0) + 1)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is done of what was wanted.

    Args:
        effort: How often everything is done.
        one_seed: Names of contenders that run one seed though others run more.
        dropped: Name -> why it is left out.
        notes: What was given up, a line each.
    """

    effort: Effort
    one_seed: frozenset[str] = frozenset()
    dropped: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def keep_time(
    loads: Sequence[Load],
    wanted: Effort,
    limit_s: float,
    workers: int,
    patience_s: float | None = None,
) -> Kept:
    """Return an effort that keeps the limit if one does, and what was given up.

    Spare nets for which the user would have to wait are left out. So is a contender that would not
    fit in at the least effort, the dearest first, so that it does not cost the others their
    precision. Then repeats go, then the seeds of the dearest contenders, then folds: each costs
    precision, none costs honesty.

    Args:
        loads: All contenders.
        wanted: What the preset asks for.
        limit_s: Wall seconds.
        workers: Processes side by side.
        patience_s: Wall seconds within which spare contenders run; None: the limit.
    """
    least = Effort(min(LEAST_FOLDS, wanted.folds), 1, 1)
    dropped = _not_waited_for(loads, wanted, patience_s or limit_s, workers)
    dropped |= _too_dear([d for d in loads if d.name not in dropped], least, limit_s, workers)
    kept = [load for load in loads if load.name not in dropped]
    why = f"to keep the time limit of {limit_s:.0f} s"
    notes = [f"{name}: left out, {reason}" for name, reason in dropped.items()]
    now, one_seed = wanted, frozenset[str]()

    def fits() -> bool:
        return expected_seconds(kept, now, one_seed, workers) <= limit_s

    if not fits() and now.repeats > 1:
        notes.append(f"repeats: 1 instead of {now.repeats}, {why}")
        now = replace(now, repeats=1)
    dearest = sorted((load for load in kept if load.seeded), key=lambda load: -load.fit_s)
    for load in dearest if now.seeds > 1 else ():
        if fits():
            break
        one_seed |= {load.name}
    if one_seed and len(one_seed) == len(dearest):
        notes.append(f"seeds: 1 instead of {now.seeds}, {why}")
        now, one_seed = replace(now, seeds=1), frozenset()
    elif one_seed:
        names = ", ".join(sorted(one_seed))
        notes.append(f"seeds: 1 instead of {now.seeds} for {names}, {why}")
    if not fits() and now.folds > LEAST_FOLDS:
        notes.append(f"folds: {LEAST_FOLDS} instead of {now.folds}, {why}")
        now = replace(now, folds=LEAST_FOLDS)
    return Kept(now, one_seed, dropped, tuple(notes))


def expected_seconds(
    loads: Sequence[Load], effort: Effort, one_seed: frozenset[str], workers: int
) -> float:
    """Return the expected wall seconds of everything."""
    total = sum(load.seconds(effort, one_seed=load.name in one_seed) for load in loads)
    return OVERHEAD_S + total / workers


def _not_waited_for(
    loads: Sequence[Load], wanted: Effort, patience_s: float, workers: int
) -> dict[str, str]:
    """Return which spare contenders would keep the user waiting, the dearest first, and why."""
    dropped: dict[str, str] = {}
    for load in sorted((d for d in loads if d.spare), key=lambda d: -d.seconds(wanted)):
        left = [other for other in loads if other.name not in dropped]
        if expected_seconds(left, wanted, frozenset(), workers) <= patience_s:
            break
        dropped[load.name] = (
            f"it would take about {load.seconds(wanted) / workers:.0f} s more; "
            "it runs with a longer --time, or if --contenders names it"
        )
    return dropped


def _too_dear(loads: Sequence[Load], least: Effort, limit_s: float, workers: int) -> dict[str, str]:
    """Return which contenders do not fit into the limit even so, the dearest first, and why."""
    dropped: dict[str, str] = {}
    for load in sorted(loads, key=lambda load: -load.seconds(least)):
        left = [other for other in loads if other.name not in dropped]
        if expected_seconds(left, least, frozenset(), workers) <= limit_s:
            break
        if not load.needed:
            dropped[load.name] = (
                f"it needs about {load.seconds(least) / workers:.0f} s of the limit of "
                f"{limit_s:.0f} s (--time)"
            )
    return dropped
