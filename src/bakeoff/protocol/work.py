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

    from numpy.typing import NDArray

    from bakeoff.contenders.base import Contender
    from bakeoff.results.folder import RunFolder
    from bakeoff.results.records import Plan

_TARGET = "\x00target"


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

    def contender(self, name: str) -> Contender:
        """Return the contender with this name."""
        return self.objects[name] if name in self.objects else make_contender(name)

    def inputs(self, contender: Contender, rows: NDArray[np.int64]) -> Inputs:
        """Return what a contender may see of some rows: the task's inputs and its own columns."""
        names = [*self.task.input_names, *contender.columns()]
        columns = tuple(c for c in self.columns if c.name in names)
        everything = Inputs(
            np.arange(self.table.num_rows, dtype=np.int64),
            self.table.select([c.name for c in columns]),
            columns,
        )
        return everything.take(rows)

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
    path = work.folder.work / "examples.arrow"
    table = work.table.append_column(_TARGET, pa.array(work.targets))
    types = {b"columns": "\x1f".join(f"{c.type}:{c.name}" for c in work.columns).encode()}
    with storage_errors(path, size_bytes=table.nbytes):
        path.parent.mkdir(parents=True, exist_ok=True)
        with pa.OSFile(str(path), "wb") as sink:
            tagged = table.replace_schema_metadata(types)
            with pa.ipc.new_file(sink, tagged.schema) as writer:
                writer.write_table(tagged)


def read_work(folder: RunFolder) -> Work:
    """Read a run as a worker sees it; the table stays on disk, mapped into memory."""
    plan = folder.read_plan()
    table = pa.ipc.open_file(pa.memory_map(str(folder.work / "examples.arrow"))).read_all()
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
    )
