"""One call from data to decision: plan, run, judge, write the page."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from bakeoff.contenders.artefacts import load_model
from bakeoff.core.errors import ArtefactError, RunFolderError, UsageError, did_you_mean
from bakeoff.core.files import write_atomic
from bakeoff.core.lock import folder_lock
from bakeoff.data.columns import ColumnType
from bakeoff.plan.budget import cores
from bakeoff.plan.make import make_plan
from bakeoff.plan.model import Model
from bakeoff.plan.options import make_options
from bakeoff.plan.place import find_place
from bakeoff.protocol.engines.inprocess import InProcessEngine
from bakeoff.protocol.engines.local import LocalEngine
from bakeoff.protocol.runner import Ending, Listener, Runner
from bakeoff.protocol.splits import read_splits, write_splits
from bakeoff.protocol.work import Work, task_of, write_examples
from bakeoff.results.analysis import Analysis, Verdict
from bakeoff.results.folder import RunFolder
from bakeoff.results.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from bakeoff.plan.make import Planned
    from bakeoff.results.analysis import Estimate
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


@dataclass(frozen=True, slots=True)
class Result:
    """A finished comparison.

    Example::

        result = bakeoff.compare("reviews.csv", target="label")
        result.leaderboard()
        model = result.best()
        model.predict(frame)
    """

    folder: RunFolder
    plan: Plan
    analysis: Analysis
    failed: tuple[str, ...] = ()
    unfinished: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The decision: choice, regret, word, what would settle it."""
        return self.analysis.verdict

    def leaderboard(self) -> pd.DataFrame:
        """Return one row a contender, best first: score with interval, cost, latency, state."""
        import pandas as pd

        rows = []
        for row in self.analysis.rows:
            score = row.score
            rows.append(
                {
                    "contender": row.name,
                    "family": row.family,
                    "state": row.state,
                    self.analysis.metrics[0].name: score.value if score else None,
                    "low": score.low if score else None,
                    "high": score.high if score else None,
                    "tied": row.tied,
                    "choice": row.is_choice,
                    **row.metrics,
                    "dollars_per_1000": row.money.per_1000,
                    "latency_p50_s": row.cost.latency_p50_s,
                    "train_s": row.cost.train_s,
                    "reason": row.reason,
                }
            )
        return pd.DataFrame(rows)

    def report(self, path: str | Path | None = None, *, lang: str = "en") -> Path:
        """Write the decision page and return its path (default: in the run folder)."""
        from bakeoff.report.page import render_page

        target = self.folder.report_file if path is None else Path(path)
        write_atomic(target, render_page(self.plan, self.analysis, lang=lang).encode())
        return target

    def best(self, name: str | None = None) -> Model:
        """Return the chosen model (or the named one), fitted on everything but the lockbox.

        Raises:
            UsageError: No contender has this name.
            ArtefactError: It has no model that could be kept (answers, foreign objects).
        """
        return load_best(self.folder, self.analysis, name)

    def _repr_html_(self) -> str:
        return self.leaderboard().to_html(index=False, escape=True)

    def __str__(self) -> str:
        """Return the decision and the table as the terminal shows them."""
        from bakeoff.report.terminal import render_terminal

        page = str(self.folder.report_file)
        return render_terminal(self.plan, self.analysis, page)


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
    engine = LocalEngine(workers, max(1, _threads(workers)))
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
    work = Work(
        folder=folder,
        plan=plan,
        task=task_of(plan, columns),
        table=dataset.table.select([c.name for c in columns]),
        columns=columns,
        targets=planned.prepared.target.values,
        splits=planned.splits,
        objects={e.contender.name: e.contender for e in planned.entrants if e.is_object},
        row=dataset.row,
        part=dataset.part,
    )
    # Also over a file that is damaged, or that a run which was killed before it had a plan left.
    if not _fits(folder.splits_file, plan.splits.sha256):
        write_splits(folder.splits_file, planned.splits, dataset.part, dataset.row)
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


def _threads(workers: int) -> int:
    return (os.cpu_count() or 1) // workers


def open_result(path: str | Path) -> Result:
    """Return a finished comparison from its folder.

    Raises:
        RunFolderError: The folder is no run, or the run is not finished.
    """
    folder = RunFolder(Path(path))
    plan = folder.read_plan()
    ledger = Ledger(folder.ledger_file)
    try:
        analysis = ledger.document("analysis", Analysis)
    finally:
        ledger.close()
    if analysis is None:
        raise RunFolderError(
            f"the run in {path} is not finished", fix=f"go on with it: {plan.command}"
        )
    return Result(folder, plan, analysis)


def load_best(folder: RunFolder, analysis: Analysis, name: str | None) -> Model:
    """Return the shipped model of the choice, or of a named contender."""
    names = [row.name for row in analysis.rows]
    if name is not None and name not in names:
        raise UsageError(f"no contender '{name}' in this run", fix=did_you_mean(name, names))
    wanted = name or analysis.verdict.shipped
    place = folder.model(wanted)
    if not (place / "model.json").is_file():
        others = [n for n in names if (folder.model(n) / "model.json").is_file()]
        raise ArtefactError(
            f"'{wanted}' has no model to load: it was answered elsewhere, or cannot be shipped",
            fix=f"name another one: {', '.join(others[:5])}" if others else "",
        )
    return Model(load_model(place))
