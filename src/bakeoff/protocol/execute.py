"""One cell, from its rows to its predictions on disk; the same code in every engine."""

from __future__ import annotations

import contextlib
import functools
import importlib
import resource
import shutil
import sys
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
import pyarrow as pa

from bakeoff.contenders.artefacts import load_model, save_model
from bakeoff.contenders.base import Budget, Context
from bakeoff.core.errors import ArtefactError
from bakeoff.core.hashing import hash_text
from bakeoff.core.row_cache import CACHED_CPU_S
from bakeoff.core.store import Store, default_root
from bakeoff.protocol import grid, splits
from bakeoff.protocol.asked import prompt_rows, unseen_rows
from bakeoff.protocol.asking import ask_until
from bakeoff.protocol.measure import measure
from bakeoff.protocol.meter import CALLS, DOLLARS, Counter, Purse
from bakeoff.protocol.prices import dollars
from bakeoff.protocol.recorded import Recorded, recorded_answers
from bakeoff.protocol.returned import check_predictions
from bakeoff.protocol.scoring import oriented_score
from bakeoff.results.folder import write_table
from bakeoff.results.records import Cost
from bakeoff.tasks.kind import load_kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from bakeoff.contenders.base import Contender, Fitted, Writer
    from bakeoff.protocol.fits import FitMemory
    from bakeoff.protocol.work import Work
    from bakeoff.results.records import Cell, Stop
    from bakeoff.tasks.examples import Examples
    from bakeoff.tasks.predictions import Predictions

_WARM = {"torch": ("bakeoff.training.loop",)}
"""What is loaded, by name, before the clock of a contender with this extra starts."""

SAMPLE, SAMPLE_CHARACTERS = "sample", 300
"""Column of a measured language model's file, and the length of the text that it wrote."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a cell left behind: a predictions file (or none) with its hash, and what it cost."""

    file: str
    sha256: str
    cost: Cost
    notes: tuple[str, ...] = ()
    stop: Stop | None = None


@dataclass(slots=True)
class Executor:
    """Runs cells in this process, one at a time.

    Args:
        work: The run.
        memory: Remembered fits of parts.
        threads: Threads that a fit may use.
    """

    work: Work
    memory: FitMemory
    threads: int
    _unsaved: dict[str, Fitted] = field(default_factory=dict)

    def run(self, cell: Cell) -> Outcome:
        """Run a cell.

        Raises:
            ContenderError: The contender cannot do it, or what it returned breaks the contract.
            StorageError: The disk is full; nothing half-written is left.
        """
        contender = self.work.contender(cell.contender)
        steps = {
            grid.FOLD: self._fold,
            grid.FINAL: self._final,
            grid.PASS: self._pass,
            grid.LOCKBOX: self._lockbox,
            grid.MEASURE: self._measure,
        }
        warm_up(contender)
        reset_peak_memory()
        started = time.perf_counter()
        notes: list[str] = []
        with self._context(cell, notes) as context:
            outcome = steps[cell.stage](cell, contender, context)
        wall_s = time.perf_counter() - started
        cost = replace(outcome.cost, wall_s=wall_s, peak_memory_bytes=peak_memory_bytes())
        return replace(outcome, cost=cost, notes=tuple(dict.fromkeys(notes)))

    def _fold(self, cell: Cell, contender: Contender, context: Context) -> Outcome:
        learn, held_out = self.work.splits.fold_rows(cell.repeat, cell.fold)
        fitted, cost = self._fit(contender, learn, context)
        rows = self._answered_by_parts(contender, held_out)
        return self._predict(cell, contender, fitted, rows, context, cost)

    def _final(self, cell: Cell, contender: Contender, context: Context) -> Outcome:
        fitted, cost = self._fit(contender, self._given(contender), context)
        record = next(c for c in self.work.plan.contenders if c.name == contender.name)
        if cell.seed == (record.seeds or self.work.plan.splits.seeds)[0]:
            cost = replace(cost, model_bytes=self._ship(contender, fitted))
        if self.work.plan.splits.evidence == "oof" or not contender.card.learns:
            return Outcome("", "", cost)
        rows = self._answered_by_parts(contender, self.work.splits.rows(splits.LOCKBOX))
        return self._predict(cell, contender, fitted, rows, context, cost)

    def _pass(self, cell: Cell, contender: Contender, context: Context) -> Outcome:
        learn = self._given(contender)
        fitted = contender.fit(self.work.examples(contender, learn), None, context)
        if contender.card.metered:
            started = time.process_time()
            predictions, stop = ask_until(self.work, contender, fitted, context)
            cost = Cost(predict_s=time.process_time() - started)
            return replace(self._write(cell, predictions, cost), stop=stop)
        train = self.work.splits.rows(splits.TRAIN)
        if contender.card.primed:
            train = unseen_rows(self.work.splits, learn)
        rows = np.concatenate([train, self.work.splits.rows(splits.LOCKBOX)])
        return self._predict(cell, contender, fitted, rows, context, Cost())

    def _lockbox(self, cell: Cell, contender: Contender, context: Context) -> Outcome:
        rows = self._answered_by_parts(contender, self.work.splits.rows(splits.LOCKBOX))
        fitted = self._shipped(contender, context)
        return self._predict(cell, contender, fitted, rows, context, Cost())

    def _measure(self, cell: Cell, contender: Contender, context: Context) -> Outcome:
        rows = self.work.splits.rows(splits.TRAIN)
        inputs = self.work.inputs(contender, rows)
        fitted = self._shipped(contender, context)
        off = replace(context, features=Store(default_root(), "features", keep=False))
        facts = fitted.facts()
        cost = replace(
            measure(fitted, inputs, off),
            parameters=facts.parameters,
            flops_per_row=facts.flops_per_row,
            model_bytes=facts.model_bytes,
        )
        if "samples" not in contender.card.abilities:
            return Outcome("", "", cost)
        sample = cast("Writer", fitted).write(SAMPLE_CHARACTERS, context)
        return self._write_table(cell, pa.table({SAMPLE: pa.array([sample], pa.string())}), cost)

    def _given(self, contender: Contender) -> NDArray[np.int64]:
        """Return the rows that the last fit is given: all but the lockbox, if it learns."""
        if contender.card.learns:
            return self.work.splits.rows(splits.TRAIN)
        return prompt_rows(self.work.splits, self.work.plan.splits.evidence)

    def _fit(
        self, contender: Contender, learn: NDArray[np.int64], context: Context
    ) -> tuple[Fitted, Cost]:
        rule = load_kind(self.work.task.kind).split_rule()
        train, valid = learn, None
        if contender.card.learns:
            train, valid = self.work.splits.set_valid_apart(
                learn, self.work.targets, rule, self.work.plan.seed
            )
        train_examples = self.work.examples(contender, train)
        valid_examples = None if valid is None else self.work.examples(contender, valid)
        charged, started = self.memory.charged_s, time.process_time()
        fitted = self.memory.fit(contender, train_examples, valid_examples, context)
        spent = time.process_time() - started
        # What lay in the store already is charged as if it had been made here.
        counts = context.meter.counts if isinstance(context.meter, Counter) else {}
        cached = counts.get(CACHED_CPU_S, 0.0)
        return fitted, Cost(train_s=spent + self.memory.charged_s - charged + cached, spent_s=spent)

    def _answered_by_parts(
        self, contender: Contender, rows: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Return those of the rows that every paid part was asked on: it is judged on no others."""
        for part in contender.lent:
            rows = rows[np.isin(rows, recorded_answers(self.work, part.name).ids)]
        return rows

    def _predict(
        self,
        cell: Cell,
        contender: Contender,
        fitted: Fitted,
        rows: NDArray[np.int64],
        context: Context,
        cost: Cost,
    ) -> Outcome:
        started = time.process_time()
        predictions = fitted.predict(self.work.inputs(contender, rows), context)
        predict_s = time.process_time() - started
        check_predictions(predictions, rows, self.work, learns=contender.card.learns)
        return self._write(cell, predictions, replace(cost, predict_s=predict_s))

    def _write(self, cell: Cell, predictions: Predictions, cost: Cost) -> Outcome:
        return self._write_table(cell, predictions.table, cost)

    def _write_table(self, cell: Cell, table: pa.Table, cost: Cost) -> Outcome:
        path = self.work.folder.cell_file(cell)
        digest = write_table(path, table)
        return Outcome(str(path.relative_to(self.work.folder.root)), digest, cost)

    def _ship(self, contender: Contender, fitted: Fitted) -> int | None:
        """Save the refitted model; None if it can be kept in no safe form."""
        folder = self.work.folder.model(contender.name)
        shutil.rmtree(folder, ignore_errors=True)
        try:
            save_model(contender, self.work.task, fitted, folder)
        except ArtefactError:
            shutil.rmtree(folder, ignore_errors=True)
            self._unsaved[contender.name] = fitted
            return None
        return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())

    def _part(
        self,
        whole: Contender,
        part: Contender,
        train: Examples,
        valid: Examples | None,
        context: Context,
    ) -> Fitted:
        """Return a part of a combination, fitted; one whose answers are lent is not asked."""
        if part.name not in {lent.name for lent in whole.lent}:
            return self.memory.fit(part, train, valid, context)
        learn = self._given(part)

        def real() -> Fitted:
            return self.memory.fit(part, self.work.examples(part, learn), None, context)

        return Recorded(self.work.task, recorded_answers(self.work, part.name), real)

    def _shipped(self, contender: Contender, context: Context) -> Fitted:
        """Return the refitted model."""
        if contender.name in self._unsaved:
            return self._unsaved[contender.name]
        folder = self.work.folder.model(contender.name)
        if (folder / "model.json").is_file() and not contender.lent:
            return load_model(folder).fitted
        # It can be kept in no safe form, and another process has it; or what is kept would ask
        # anew, for money: the same fit is made again.
        fitted, _ = self._fit(contender, self._given(contender), context)
        self._unsaved[contender.name] = fitted
        return fitted

    def _meter(self, contender: Contender) -> Counter:
        """Return the meter of a cell: the run's limits, of which a pass may use an even share."""
        plan = self.work.plan
        asked = {CALLS: plan.max_calls, DOLLARS: plan.max_cost}
        limits = {unit: float(limit) for unit, limit in asked.items() if limit is not None}
        shares: dict[str, float] = {}
        if contender.card.metered:
            spenders = sum(c.metered and not c.dropped for c in plan.contenders)
            shares = {unit: limit / max(spenders, 1) for unit, limit in limits.items()}
        purse = Purse(self.work.folder.work / "spent", limits) if limits else None
        return Counter(limits=shares, price=functools.partial(dollars, plan.prices), purse=purse)

    @contextlib.contextmanager
    def _context(self, cell: Cell, notes: list[str]) -> Iterator[Context]:
        """Yield the context of one call; its scratch folder goes with it.

        The folder has the cell's name and outlives a kill, so that a long fit goes on from its
        last checkpoint when the cell is done again.
        """
        contender = self.work.contender(cell.contender)
        scratch = self.work.folder.work / "scratch" / hash_text(cell.key)[:16]
        scratch.mkdir(parents=True, exist_ok=True)
        context = Context(
            budget=Budget(),
            seed=cell.seed,
            device=self.work.plan.device,
            threads=self.threads,
            scratch=scratch,
            features=Store(default_root(), "features"),
            answers=Store(default_root(), "answers"),
            meter=self._meter(contender),
            score=oriented_score,
            fit=lambda part, train, valid: self._part(contender, part, train, valid, context),
            log=lambda line: print(line, file=sys.stderr),  # noqa: T201 - the worker's log file
            note=notes.append,
            unlabelled=self.work.without_label(contender),
        )
        try:
            yield context
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def warm_up(contender: Contender) -> None:
    """Import what the contender needs, so that no fit is charged for the start of a framework."""
    for extra in contender.card.extras:
        for module in _WARM.get(extra, ()):
            importlib.import_module(module)


def reset_peak_memory() -> None:
    """Start the measurement of peak memory anew, where the system can."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def peak_memory_bytes() -> int | None:
    """Return the peak resident memory since `reset_peak_memory` (else of the process)."""
    try:
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
