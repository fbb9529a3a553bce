"""One call from data to decision: plan, run, judge, write the page."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from bakeoff.core.lock import folder_lock
from bakeoff.data.columns import ColumnType
from bakeoff.plan.budget import cores
from bakeoff.plan.make import make_plan
from bakeoff.plan.options import make_options
from bakeoff.plan.place import find_place
from bakeoff.plan.result import Result
from bakeoff.protocol.engines.inprocess import InProcessEngine
from bakeoff.protocol.engines.local import LocalEngine
from bakeoff.protocol.runner import Ending, Listener, Runner
from bakeoff.protocol.splits import read_splits, write_splits
from bakeoff.protocol.work import Work, task_of, write_examples

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bakeoff.plan.make import Planned
    from bakeoff.plan.options import Options
    from bakeoff.results.analysis import Estimate
    from bakeoff.results.folder import RunFolder
    from bakeoff.results.records import CellRecord, Plan


class Audience(Listener, Protocol):
    """Hears of a comparison from its plan to its end."""

    def told(self, line: str) -> None:
        """Hear one line about the plan."""

    def planned(self, plan: Plan) -> None:
        """Hear the plan."""


class Silent:
    """An audience that says nothing."""

    def told(self, line: str) -> None:
        """Hear one line about the plan."""

    def planned(self, plan: Plan) -> None:
        """Hear the plan."""

    def started(self, cells: int, done: int) -> None:
        """Hear how much there is to do."""

    def phase(self, name: str) -> None:
        """Hear that a phase begins."""

    def cell(self, record: CellRecord) -> None:
        """Hear that a cell is recorded."""

    def table(self, scores: Mapping[str, Estimate]) -> None:
        """Hear the first scores."""


def compare(  # noqa: PLR0913 - the one public call, all but the source by name
    source: Any,
    *,
    valid: Any = None,
    test: Any = None,
    contenders: Sequence[Any] | str | None = None,
    out: str | Path | None = None,
    config: str | Path | None = None,
    listener: Audience | None = None,
    command: str = "",
    **options: Any,
) -> Result:
    """Compare contenders on the user's data under one protocol.

    Args:
        source: A path, ``docstrings``, ``sklearn:digits``, ``hf://org/name``, or a pandas,
            polars, Arrow or ``datasets`` table.
        valid: The official dev split, in any of these forms.
        test: The official test split.
        contenders: Names, and Python objects: contenders, scikit-learn estimators, callables.
        out: Run folder; default ``runs/NAME``. The same question goes on where it was stopped.
        config: TOML file with options; arguments given here come first.
        listener: Hears of progress.
        command: What the user typed, for the record.
        **options: See `plan.options.Options`.

    Raises:
        UserError: Anything that the user can mend; see `core.errors`.
    """
    named, given = _split_contenders(contenders)
    asked = make_options({**options, "contenders": named}, config)
    heard: Audience = listener or Silent()
    workers = cores(asked)
    engine = LocalEngine(workers, max(1, _threads(workers)), environment=_environment(asked))
    try:
        engine.start()
        planned = make_plan(
            source,
            asked,
            valid=valid,
            test=test,
            given=given,
            command=command or _call(source, options),
        )
        folder, plan, told = find_place(planned.plan, None if out is None else Path(out))
        if told:
            heard.told(told)
        heard.planned(plan)
        with folder_lock(folder.root):
            work = make_work(planned, folder, plan)
            ending = _carry_out(work, engine, heard)
    finally:
        engine.close()
    result = Result(folder, plan, ending.analysis, ending.failed, ending.unfinished)
    result.report()
    return result


def _split_contenders(contenders: Sequence[Any] | str | None) -> tuple[tuple[str, ...], list[Any]]:
    if contenders is None:
        return (), []
    items = [contenders] if isinstance(contenders, str) else list(contenders)
    return tuple(i for i in items if isinstance(i, str)), [
        i for i in items if not isinstance(i, str)
    ]


def _call(source: Any, options: dict[str, Any]) -> str:
    shown = repr(source) if isinstance(source, str | Path) else type(source).__name__
    given = "".join(f", {key}={value!r}" for key, value in options.items() if value is not None)
    return f"bakeoff.compare({shown}{given})"


def make_work(planned: Planned, folder: RunFolder, plan: Plan) -> Work:
    """Write what the engines need into the run folder, and return the run as they see it.

    Raises:
        StorageError: The disk is full or cannot be written.
    """
    dataset, task = planned.prepared.dataset, planned.prepared.task
    answers = dataset.of_type(ColumnType.ANSWER)
    columns = tuple(dataset.column(name) for name in dict.fromkeys((*task.input_names, *answers)))
    # A resumed plan keeps its own splits: this machine might have chosen fewer folds.
    resumed = _fits(folder.splits_file, plan.splits.sha256)
    splits = read_splits(folder.splits_file) if resumed else planned.splits
    others = planned.prepared.unlabelled
    work = Work(
        folder=folder,
        plan=plan,
        task=task_of(plan, columns),
        table=dataset.table.select([c.name for c in columns]),
        columns=columns,
        targets=planned.prepared.target.values,
        splits=splits,
        objects={e.contender.name: e.contender for e in planned.entrants if e.is_object},
        row=dataset.row,
        part=dataset.part,
        unlabelled=None if others is None else others.table.select([c.name for c in columns]),
    )
    # Also over a file that is damaged, or that a run which was killed before it had a plan left.
    if not resumed:
        write_splits(folder.splits_file, splits, dataset.part, dataset.row)
    write_examples(work)
    if not folder.plan_file.exists():
        folder.write_plan(plan)
    return work


def _fits(splits_file: Path, sha256: str) -> bool:
    """Return whether the splits on disk are those of the plan."""
    try:
        return read_splits(splits_file).sha256() == sha256
    except (OSError, ValueError, KeyError):
        return False


def _carry_out(work: Work, engine: LocalEngine, listener: Listener) -> Ending:
    plan = work.plan
    engine.cell_limit_s = plan.cell_limit_s
    runner = Runner(
        work=work,
        engine=engine,
        local_objects=InProcessEngine(threads=1),
        listener=listener,
        time_limit_s=plan.time_limit_s,
    )
    return runner.run()


def _environment(options: Options) -> dict[str, str]:
    """Return what the workers are told by variables: where training curves go."""
    if options.tensorboard is None:
        return {}
    return {"BAKEOFF_TENSORBOARD": str(Path(options.tensorboard).resolve())}


def _threads(workers: int) -> int:
    return (os.cpu_count() or 1) // workers
