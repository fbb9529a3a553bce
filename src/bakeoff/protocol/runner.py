"""Carries out a plan: phases of cells, each recorded at once; stopped anywhere, it goes on."""

from __future__ import annotations

import platform
import shutil
import sys
import time
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Protocol

from bakeoff.core.version import __version__
from bakeoff.protocol import grid
from bakeoff.protocol.first_table import first_table
from bakeoff.protocol.judge import judge
from bakeoff.protocol.stopping import choose_opponent, write_facing
from bakeoff.results.ledger import Ledger
from bakeoff.results.records import Cell, Opponent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bakeoff.protocol.engines.base import Engine
    from bakeoff.protocol.work import Work
    from bakeoff.results.analysis import Analysis, Estimate
    from bakeoff.results.records import CellRecord


OPENING = (grid.FOLD, grid.ASK, grid.FINAL)
"""Phases in which the lockbox is predicted, where it decides."""


class Listener(Protocol):
    """Hears of a run's progress; the command line shows it, a script may ignore it."""

    def started(self, cells: int, done: int) -> None:
        """Hear how many cells the plan has, and how many an earlier run had finished."""

    def phase(self, name: str) -> None:
        """Hear that a phase begins: ``"fold"``, ``"final"``, ``"ask"``, ``"measure"``, ..."""

    def cell(self, record: CellRecord) -> None:
        """Hear that a cell is recorded."""

    def table(self, scores: Mapping[str, Estimate]) -> None:
        """Hear the first scores, best first, long before the end; they are provisional."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended."""

    analysis: Analysis
    failed: tuple[str, ...]
    """Contenders that failed."""
    unfinished: tuple[str, ...]
    """Contenders whose cells were not all run before the time limit."""


@dataclass(slots=True)
class Runner:
    """Runs a plan in its folder; the caller holds the folder's lock.

    Args:
        work: The run, its files written.
        engine: For contenders known by name.
        local_objects: For contenders given as Python objects.
        listener: Hears of progress.
        time_limit_s: No fold is started after this; what is there is judged.
    """

    work: Work
    engine: Engine
    local_objects: Engine
    listener: Listener
    time_limit_s: float
    _done: dict[Cell, CellRecord] = field(default_factory=dict)
    _first_table_shown: bool = False
    _engines_are_open: bool = False

    def run(self) -> Ending:
        """Carry out what is left of the plan, judge it and keep the judgement.

        Raises:
            StorageError: The disk is full; what was recorded is kept.
            KeyboardInterrupt: The user stopped it; what was recorded is kept.
        """
        ledger = Ledger(self.work.folder.ledger_file)
        try:
            return self._run(ledger)
        finally:
            ledger.close()

    def _run(self, ledger: Ledger) -> Ending:
        began, plan = time.monotonic(), self.work.plan
        self._take_stock(ledger)
        planned, deadline_s = grid.planned_cells(plan), began + self.time_limit_s
        left = [cell for cell in planned if cell not in self._done]
        self.listener.started(len(planned), len(planned) - len(left))
        ledger.record_event("start", f"{len(left)} of {len(planned)} cells are left")
        # Calls come after all that they are compared with, and before all that uses their answers.
        combined = {contender.name for contender in plan.contenders if contender.asks}
        final = grid.final_cells(plan)
        alone = [cell for cell in final if cell.contender not in combined]
        together = [cell for cell in final if cell.contender in combined]
        self._train(ledger, grid.first_cells(plan), alone, deadline_s)
        self._face_opponent(ledger)
        self._phase(ledger, grid.ASK, grid.ask_cells(plan))
        halted = {r.cell.contender for r in self._records() if r.stop is not None}
        idle = {c.name for c in plan.contenders if halted.intersection(c.asks)}
        together = [cell for cell in together if cell.contender not in idle]
        folds = [cell for cell in grid.together_cells(plan) if cell.contender not in idle]
        self._train(ledger, folds, together, deadline_s)
        timed = [c for c in grid.measure_cells(plan) if self._has(c.contender, grid.FINAL)]
        self._phase(ledger, grid.MEASURE, timed)
        self.listener.phase("judge")
        analysis = judge(self.work, self._records(), ledger)
        if plan.splits.evidence == "oof" and plan.splits.lockbox_rows:
            analysis = self._confirm(ledger, analysis)
        wall_s = time.monotonic() - began
        analysis = replace(analysis, environment=environment(), machine=machine(), wall_s=wall_s)
        ledger.put_document("analysis", analysis)
        ledger.record_event("end", f"{time.monotonic() - began:.1f} s")
        needed = [c for c in planned if c.stage in (grid.FOLD, grid.PASS)]
        unfinished = self._unfinished([c for c in needed if c.contender not in idle])
        if not unfinished:
            shutil.rmtree(self.work.folder.work, ignore_errors=True)
        failed = tuple(row.name for row in analysis.rows if row.state == "failed")
        return Ending(analysis, failed, unfinished)

    def _train(
        self, ledger: Ledger, first: Sequence[Cell], final: Sequence[Cell], deadline_s: float
    ) -> None:
        """Run passes and folds, then the refits of the contenders of which these are whole."""
        self._phase(ledger, grid.FOLD, first, deadline_s=deadline_s)
        self._phase(ledger, grid.FINAL, [c for c in final if self._is_whole(c.contender, first)])

    def _face_opponent(self, ledger: Ledger) -> None:
        """Fix, before the first call and once for all, whom paid contenders are compared with."""
        if all(cell in self._done for cell in grid.ask_cells(self.work.plan)):
            return
        opponent = ledger.document("opponent", Opponent)
        if opponent is None:
            opponent = choose_opponent(self.work, self._records())
            if opponent is None:
                return
            ledger.put_document("opponent", opponent)
        write_facing(self.work, self._records(), opponent)

    def _take_stock(self, ledger: Ledger) -> None:
        """Keep what is recorded and whole; sweep everything else."""
        for record in ledger.cells():
            if record.state == "died" or not self.work.folder.is_intact(record):
                ledger.forget_cell(record.cell)
            elif record.cell.stage == grid.MEASURE or self._model_is_there(record):
                self._done[record.cell] = record
            else:
                ledger.forget_cell(record.cell)
        self.work.folder.sweep(list(self._done.values()))

    def _model_is_there(self, record: CellRecord) -> bool:
        if record.cell.stage != grid.FINAL or record.cost.model_bytes is None:
            return True
        return (self.work.folder.model(record.cell.contender) / "model.json").is_file()

    def _phase(
        self, ledger: Ledger, name: str, cells: Sequence[Cell], *, deadline_s: float | None = None
    ) -> None:
        """Run the cells that are not done, each recorded at once."""
        left = [cell for cell in cells if cell not in self._done]
        if not left:
            return
        self.listener.phase(name)
        self._open_engines()
        here = [cell for cell in left if cell.contender in self.work.objects]
        there = [cell for cell in left if cell.contender not in self.work.objects]
        if self.work.plan.splits.evidence == "lockbox" and name in OPENING:
            self._count_openings(ledger, [c for c in left if c.stage in (grid.FINAL, grid.PASS)])
        for engine, some in ((self.engine, there), (self.local_objects, here)):
            alone = name == grid.MEASURE
            for record in engine.run(
                some, skip=self._has_failed, deadline_s=deadline_s, alone=alone
            ):
                ledger.record_cell(record)
                self._done[record.cell] = record
                self.listener.cell(record)
                if name == grid.FOLD:
                    self._show_first_table()

    def _open_engines(self) -> None:
        """Open them once, when there is something to do: they remember what cannot be saved."""
        if not self._engines_are_open:
            self.engine.open(self.work)
            self.local_objects.open(self.work)
            self._engines_are_open = True

    def _count_openings(self, ledger: Ledger, cells: Sequence[Cell]) -> None:
        opened = {name for name, _ in ledger.openings()}
        for contender in dict.fromkeys(cell.contender for cell in cells):
            if contender not in opened:
                ledger.record_opening(contender)

    def _confirm(self, ledger: Ledger, analysis: Analysis) -> Analysis:
        """Open the lockbox once, for the finalist and the reference."""
        names = {analysis.verdict.choice, self.work.plan.reference}
        cells = []
        for contender in self.work.plan.contenders:
            if contender.name in names and self._has(contender.name, grid.FINAL):
                seed = (contender.seeds or self.work.plan.splits.seeds)[0]
                cells.append(Cell(contender.name, grid.LOCKBOX, 0, 0, seed))
        left = [cell for cell in cells if cell not in self._done]
        self._count_openings(ledger, [Cell(name, grid.LOCKBOX, 0, 0, 0) for name in sorted(names)])
        self._phase(ledger, grid.LOCKBOX, left)
        return judge(self.work, self._records(), ledger)

    def _show_first_table(self) -> None:
        if self._first_table_shown:
            return
        scores = first_table(self.work, self._records())
        if scores:
            self._first_table_shown = True
            self.listener.table(scores)

    def _records(self) -> list[CellRecord]:
        return list(self._done.values())

    def _has(self, contender: str, stage: str) -> bool:
        return any(
            cell.contender == contender and cell.stage == stage and record.state == "done"
            for cell, record in self._done.items()
        )

    def _is_whole(self, contender: str, cells: Sequence[Cell]) -> bool:
        """Return whether all fold cells of a contender were run, and none failed."""
        mine = [cell for cell in cells if cell.contender == contender]
        return all(cell in self._done and self._done[cell].state == "done" for cell in mine)

    def _has_failed(self, cell: Cell) -> bool:
        """Return whether a cell's contender has failed before: one reason is enough."""
        name = cell.contender
        # A copy: engines ask from other threads while records come in.
        return any(
            record.state != "done" and record.cell.contender == name
            for record in list(self._done.values())
        )

    def _unfinished(self, cells: Sequence[Cell]) -> tuple[str, ...]:
        left = (c for c in cells if c not in self._done and not self._has_failed(c))
        return tuple(dict.fromkeys(cell.contender for cell in left))


def environment() -> dict[str, str]:
    """Return versions, for the record."""
    packages = ("numpy", "scipy", "scikit-learn", "pyarrow", "lightgbm", "gensim")
    found = {"bakeoff": __version__, "python": sys.version.split()[0]}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def machine() -> str:
    """Return the machine in words: system, processor, cores, memory."""
    import psutil

    processor = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as handle:  # noqa: PTH123 - one short read
            names = [line.split(":", 1)[1].strip() for line in handle if "model name" in line]
        processor = names[0] if names else processor
    except OSError:
        pass
    memory = psutil.virtual_memory().total / 2**30
    cores = psutil.cpu_count() or 1
    return f"{platform.system()}, {processor}, {cores} cores, {memory:.0f} GiB memory"
