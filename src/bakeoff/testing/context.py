"""A context for scripts, tests and loaded models: everything that `fit` and `predict` ask for."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bakeoff.contenders.base import Budget, Context
from bakeoff.core.seeds import derive_seed
from bakeoff.core.store import Store
from bakeoff.protocol.scoring import oriented_score

if TYPE_CHECKING:
    from bakeoff.contenders.base import Contender, Fitted
    from bakeoff.tasks.examples import Examples


@dataclass(slots=True)
class CountingMeter:
    """Counts, and never stops."""

    counts: dict[str, float] = field(default_factory=dict)

    def add(self, unit: str, amount: float) -> None:
        """Count ``amount`` of ``unit``."""
        self.counts[unit] = self.counts.get(unit, 0.0) + amount


def context(
    folder: Path | None = None, *, seed: int = 0, threads: int = 1, budget: Budget | None = None
) -> Context:
    """Return a context of its own, with stores in ``folder``.

    Without a folder they lie in a fresh one, which is removed when the process ends.
    """
    root = Path(tempfile.mkdtemp(dir=temporary_root())) if folder is None else folder
    scratch = root / "scratch"
    scratch.mkdir(parents=True, exist_ok=True)

    def fit(part: Contender, train: Examples, valid: Examples | None) -> Fitted:
        inner = context(root, seed=derive_seed(seed, part.name), threads=threads, budget=budget)
        return part.fit(train, valid, inner)

    return Context(
        budget=budget or Budget(),
        seed=seed,
        device="cpu",
        threads=threads,
        scratch=scratch,
        features=Store(root, "features"),
        answers=Store(root, "answers"),
        meter=CountingMeter(),
        score=oriented_score,
        fit=fit,
        log=lambda _line: None,
        note=lambda _line: None,
    )


@cache
def temporary_root() -> Path:
    """Return a folder of this process, removed when it ends.

    Not piece by piece as contexts go: a garbage collection in the middle of a fit that is watched
    for what it writes would be taken for the contender's doing.
    """
    folder = Path(tempfile.mkdtemp(prefix="bakeoff-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
