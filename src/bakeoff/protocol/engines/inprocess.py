"""Runs cells in the driver's own process: for Python objects that no other process can load."""

from __future__ import annotations

import time
import traceback
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bakeoff.core.errors import BakeoffError, StorageError
from bakeoff.core.files import DISK_FULL
from bakeoff.protocol.execute import Executor
from bakeoff.protocol.fits import FitMemory, part_names
from bakeoff.results.ledger import now
from bakeoff.results.records import CellRecord, Cost

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bakeoff.protocol.work import Work
    from bakeoff.results.records import Cell


def make_executor(work: Work, threads: int) -> Executor:
    """Return an executor with the run's memory of fits."""
    # A worker cannot load the objects of the driver, and is given none of their cells.
    names = [
        c.name
        for c in work.plan.contenders
        if not c.dropped and (not c.is_object or c.name in work.objects)
    ]
    contenders = [work.contender(name) for name in names]
    memory = FitMemory(work.folder.work / "fits", part_names(contenders))
    return Executor(work, memory, threads)


def run_cell(executor: Executor, cell: Cell, worker: str, attempts: int = 1) -> CellRecord:
    """Run a cell and return its record; whatever the contender raises becomes its reason.

    Raises:
        StorageError: The disk is full: that is not the contender's fault, and stops the run.
    """
    started = now()
    try:
        outcome = executor.run(cell)
    except StorageError:
        raise
    except Exception as error:
        # A contender may raise anything: it becomes a row. A full disk is not its fault.
        if isinstance(error, OSError) and error.errno in DISK_FULL:
            raise StorageError(
                f"the disk is full: {error}",
                where=error.filename or str(executor.work.folder.root),
                why="what was finished before is kept",
                fix="free some space, then run the same command again",
            ) from error
        reason = describe(error)
        return CellRecord(cell, "failed", reason, attempts, Cost(), "", "", started, now(), worker)
    return CellRecord(
        cell=cell,
        state="done",
        reason="",
        attempts=attempts,
        cost=outcome.cost,
        file=outcome.file,
        sha256=outcome.sha256,
        started_at=started,
        finished_at=now(),
        worker=worker,
        notes=outcome.notes,
        stop=outcome.stop,
    )


def describe(error: BaseException) -> str:
    """Return an error as a short reason: our own as they are, others with type and place."""
    if isinstance(error, BakeoffError):
        return str(error)
    if isinstance(error, MemoryError):
        return "out of memory"
    last = traceback.extract_tb(error.__traceback__)[-1:]
    place = f" (in {last[0].name}, line {last[0].lineno})" if last else ""
    first_line = (str(error).splitlines() or [""])[0]
    return f"{type(error).__name__}: {first_line}{place}"[:500]


@dataclass(slots=True)
class InProcessEngine:
    """Runs cells one after the other in this process; it cannot kill one that overruns."""

    threads: int
    _executor: Executor | None = field(default=None)

    def open(self, work: Work) -> None:
        """Keep the run."""
        self._executor = make_executor(work, self.threads)

    def run(
        self,
        cells: Sequence[Cell],
        *,
        skip: Callable[[Cell], bool],
        deadline_s: float | None = None,
        alone: bool = False,
    ) -> Iterator[CellRecord]:
        """Yield a record for each cell, in order."""
        del alone
        if self._executor is None:
            raise RuntimeError("open the engine first")
        for cell in cells:
            if deadline_s is not None and time.monotonic() > deadline_s:
                return
            if skip(cell):
                continue
            yield run_cell(self._executor, cell, "in-process")

    def close(self) -> None:
        """Forget the run."""
        self._executor = None
