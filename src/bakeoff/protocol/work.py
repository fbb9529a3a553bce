"""What a worker needs to know of a run: plan, examples, splits and contenders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from bakeoff.contenders.registry import make_contender
from bakeoff.core.files import storage_errors
from bakeoff.data.columns import Column, ColumnType
from bakeoff.data.inputs import Inputs
from bakeoff.protocol.splits import Splits, read_splits
from bakeoff.tasks.examples import Examples
from bakeoff.tasks.kind import load_kind
from bakeoff.tasks.spec import TaskSpec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from bakeoff.contenders.base import Contender
    from bakeoff.results.folder import RunFolder
    from bakeoff.results.records import Plan

_TARGET = "\x00target"
_LABELLED, _UNLABELLED = "examples.arrow", "unlabelled.arrow"


@dataclass(frozen=True, slots=True)
class Work:
    """A run as the engines see it.

    Args:
        folder: The run folder.
        plan: What will be done.
        task: What is predicted from what.
        table: All rows; input and answer columns.
        columns: Their types.
        targets: ``(n,)``, as contenders learn from them.
        splits: Every row's place.
        objects: Contenders given as Python objects, by name; they run in the driver's process.
    """

    folder: RunFolder
    plan: Plan
    task: TaskSpec
    table: pa.Table
    columns: tuple[Column, ...]
    targets: NDArray[Any]
    splits: Splits
    objects: Mapping[str, Contender]
    row: NDArray[np.int64]
    """``(n,)``, int64: each row's number in its source."""
    part: NDArray[np.str_]
    unlabelled: pa.Table | None = None
    """Rows without a label, with the columns of ``table``; they stand in no split."""

    def contender(self, name: str) -> Contender:
        """Return the contender with this name."""
        return self.objects[name] if name in self.objects else make_contender(name)

    def inputs(self, contender: Contender, rows: NDArray[np.int64]) -> Inputs:
        """Return what a contender may see of some rows: the task's inputs and its own columns."""
        return self._view(contender, self.table, first_id=0).take(rows)

    def without_label(self, contender: Contender) -> Inputs | None:
        """Return what a contender may see of the rows without a label; None: there are none."""
        if self.unlabelled is None:
            return None
        return self._view(contender, self.unlabelled, first_id=self.table.num_rows)

    def _view(self, contender: Contender, table: pa.Table, first_id: int) -> Inputs:
        names = [*self.task.input_names, *contender.columns()]
        columns = tuple(c for c in self.columns if c.name in names)
        ids = np.arange(first_id, first_id + table.num_rows, dtype=np.int64)
        return Inputs(ids, table.select([c.name for c in columns]), columns)

    def examples(self, contender: Contender, rows: NDArray[np.int64]) -> Examples:
        """Return some rows with their targets."""
        return Examples(self.task, self.inputs(contender, rows), self.targets[rows])

    def answered(self) -> NDArray[np.bool_]:
        """Return which rows have an answer made elsewhere, in any column: ``(n,)``, bool."""
        answered = np.zeros(self.table.num_rows, dtype=np.bool_)
        for name in self.answer_columns():
            answered |= np.asarray(self.table[name].is_valid().to_numpy(), dtype=np.bool_)
        return answered

    def answer_columns(self) -> Sequence[str]:
        """Return the names of the columns of predictions made elsewhere."""
        return [c.name for c in self.columns if c.type is ColumnType.ANSWER]


def write_examples(work: Work) -> None:
    """Write inputs, answers and targets where workers map them into memory."""
    types = {b"columns": "\x1f".join(f"{c.type}:{c.name}" for c in work.columns).encode()}
    labelled = work.table.append_column(_TARGET, pa.array(work.targets))
    _write(work.folder.work / _LABELLED, labelled.replace_schema_metadata(types))
    if work.unlabelled is not None:
        _write(work.folder.work / _UNLABELLED, work.unlabelled)


def _write(path: Path, table: pa.Table) -> None:
    with storage_errors(path, size_bytes=table.nbytes):
        path.parent.mkdir(parents=True, exist_ok=True)
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table)


def _read(path: Path) -> pa.Table:
    return pa.ipc.open_file(pa.memory_map(str(path))).read_all()


def read_work(folder: RunFolder) -> Work:
    """Read a run as a worker sees it; the table stays on disk, mapped into memory."""
    plan = folder.read_plan()
    table = _read(folder.work / _LABELLED)
    others = folder.work / _UNLABELLED
    tags = table.schema.metadata[b"columns"].decode().split("\x1f")
    columns = tuple(
        Column(name, ColumnType(kind)) for kind, name in (tag.split(":", 1) for tag in tags)
    )
    targets = np.asarray(table[_TARGET].to_numpy())
    return Work(
        folder=folder,
        plan=plan,
        task=task_of(plan, columns),
        table=table.drop_columns([_TARGET]),
        columns=columns,
        targets=targets,
        splits=read_splits(folder.splits_file),
        objects={},
        row=np.zeros(0, dtype=np.int64),
        part=np.zeros(0, dtype="<U5"),
        unlabelled=_read(others) if others.is_file() else None,
    )


def task_of(plan: Plan, columns: tuple[Column, ...]) -> TaskSpec:
    """Return the task of a plan."""
    by_name = {column.name: column for column in columns}
    load_kind(plan.task.kind)
    return TaskSpec(
        kind=plan.task.kind,
        inputs=tuple(by_name[name] for name in plan.task.inputs),
        target=plan.task.target,
        metrics=plan.task.metrics,
        classes=plan.task.classes,
        group=plan.task.group,
        settings=tuple(sorted(plan.task.settings.items())),
    )
