"""Fits of parts, remembered: by part, rows, budget, seed and version.

Cascades, stacks and tuned contenders reuse what exists. The memory lies in the run's work folder,
so it lives as long as the comparison, and survives a kill.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bakeoff.contenders.artefacts import load_model, save_model
from bakeoff.core.errors import ArtefactError
from bakeoff.core.hashing import hash_parts, hash_value
from bakeoff.core.version import __version__

if TYPE_CHECKING:
    from bakeoff.contenders.base import Budget, Contender, Context, Fitted
    from bakeoff.tasks.examples import Examples


@dataclass(slots=True)
class FitMemory:
    """Fits contenders, and remembers those that others may ask for again.

    Args:
        folder: Where remembered fits lie.
        shared: Names of contenders whose fits are worth keeping: those that are parts of others.
        charged_s: CPU-seconds of remembered fits that were used, so that a contender's cost can be
            given as if it were alone.
    """

    folder: Path
    shared: frozenset[str]
    charged_s: float = 0.0
    _here: dict[str, tuple[Fitted, float]] = field(default_factory=dict)

    def fit(
        self, contender: Contender, train: Examples, valid: Examples | None, context: Context
    ) -> Fitted:
        """Return the contender fitted on these rows, remembered or new.

        A remembered fit's recorded CPU-seconds are added to ``charged_s``.
        """
        if contender.name not in self.shared:
            return contender.fit(train, valid, context)
        key = fit_key(contender, train, valid, context.budget, context.seed)
        found = self._recall(key)
        if found is not None:
            self.charged_s += found[1]
            return found[0]
        started, charged = time.process_time(), self.charged_s
        fitted = contender.fit(train, valid, context)
        cost = time.process_time() - started + (self.charged_s - charged)
        self._remember(key, contender, train, fitted, cost)
        return fitted

    def _recall(self, key: str) -> tuple[Fitted, float] | None:
        if key in self._here:
            return self._here[key]
        try:
            cost = json.loads((self.folder / key / "cost.json").read_bytes())["cpu_s"]
            return load_model(self.folder / key / "model").fitted, float(cost)
        except (OSError, ValueError, KeyError, ArtefactError):
            return None

    def _remember(
        self, key: str, contender: Contender, train: Examples, fitted: Fitted, cost: float
    ) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=self.folder, prefix=".tmp-"))
        try:
            save_model(contender, train.task, fitted, temporary / "model")
            (temporary / "cost.json").write_text(json.dumps({"cpu_s": cost}))
            temporary.rename(self.folder / key)
        except ArtefactError:
            # It can be kept in no safe form: this process alone remembers it.
            self._here[key] = (fitted, cost)
        except OSError:
            # Another worker was first (or the disk is full): the fit itself is still good.
            pass
        finally:
            shutil.rmtree(temporary, ignore_errors=True)


def fit_key(
    contender: Contender,
    train: Examples,
    valid: Examples | None,
    budget: Budget,
    seed: int,
) -> str:
    """Return the key under which a fit is remembered."""
    rows = _content(train)
    if valid is not None:
        rows += _content(valid)
    return hash_value(
        {
            "contender": contender.name,
            "rows": hash_parts(rows),
            "budget": asdict(budget),
            "seed": 0 if contender.card.deterministic else seed,
            "version": __version__,
        }
    )


def _content(rows: Examples) -> list[bytes]:
    targets = rows.targets
    # The bytes of an array of objects are addresses, which the next process does not share.
    plain = repr(targets.tolist()).encode() if targets.dtype.hasobject else targets.tobytes()
    soft = b"" if rows.soft is None else rows.soft.tobytes()
    return [rows.inputs.ids.tobytes(), plain, soft]


def part_names(contenders: list[Contender]) -> frozenset[str]:
    """Return the names of all contenders that are parts of others, at any depth."""
    names: set[str] = set()

    def visit(contender: Contender) -> None:
        for part in contender.parts():
            names.add(part.name)
            visit(part)

    for contender in contenders:
        visit(contender)
    return frozenset(names)
