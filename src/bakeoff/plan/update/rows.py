"""The rows of an update: new ones from the user, old ones from the run or from a file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bakeoff.core.errors import DataError, UsageError
from bakeoff.core.hashing import hash_file
from bakeoff.core.seeds import derive_seed, generator
from bakeoff.data.audit.base import Subject
from bakeoff.data.audit.duplicates import find_duplicates
from bakeoff.data.convert import strings
from bakeoff.data.load import load_dataset
from bakeoff.data.target import Target, is_blank
from bakeoff.protocol.splits import LOCKBOX, TRAIN, VALID
from bakeoff.tasks.examples import Examples
from bakeoff.tasks.kind import load_kind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bakeoff.contenders.base import Contender
    from bakeoff.data.dataset import Dataset
    from bakeoff.results.folder import RunFolder
    from bakeoff.results.records import Plan
    from bakeoff.tasks.spec import TaskSpec

FIRST_OLD_ID = 10**9
"""Ids of old rows begin here, so that none is taken for a new one."""

VALID_SHARE, SMALLEST_VALID = 0.1, 20


@dataclass(frozen=True, slots=True)
class OldRows:
    """Rows that the model was made from.

    Args:
        judged: Rows to judge on.
        replay: Rows that it learned from before, and may learn from again.
        origin: ``"lockbox"``: it has not learned from those that judge; ``"file"``: it may have.
    """

    judged: Examples
    replay: Examples
    origin: str


@dataclass(frozen=True, slots=True)
class NewRows:
    """New rows, divided: repeats of a row stay on one side.

    Args:
        train: To learn from.
        valid: For early stopping, or None with too few.
        judged: Held out.
    """

    train: Examples
    valid: Examples | None
    judged: Examples


def read_labelled(
    source: Any, task: TaskSpec, contender: Contender, target: str
) -> tuple[Examples, Dataset, int]:
    """Return the labelled rows of a source, its dataset, and how many rows have no label.

    Raises:
        UsageError: A column is absent, or a class is none of the model's.
        DataError: A row cannot be read.
    """
    types = {column.name: column.type for column in task.inputs}
    dataset = load_dataset(source, types=types)
    dataset.column(target)
    where = dataset.sources[0].location
    cells = dataset.table[target].to_pylist()
    labelled = np.array([at for at, cell in enumerate(cells) if not is_blank(cell)], dtype=np.int64)
    column = dataset.table[target].take(labelled)
    kind = load_kind(task.kind)
    try:
        targets = kind.targets(strings(column) if task.classes else column, task.classes)
    except ValueError as error:
        raise DataError(f"'{target}' holds no numbers: {error}", where=where) from error
    unknown = np.flatnonzero(targets < 0) if task.classes else np.array([], dtype=np.int64)
    if len(unknown):
        raise UsageError(
            f"'{column[int(unknown[0])].as_py()}' in '{target}' is none of the model's classes",
            where=where,
            why="an update goes on with the same classes: " + ", ".join(task.classes[:10]),
            fix="run the comparison again on old and new rows together",
        )
    inputs = dataset.inputs([*task.input_names, *contender.predict_columns()], labelled)
    return Examples(task, inputs, targets), dataset, len(cells) - len(labelled)


def divide_new(rows: Examples, dataset: Dataset, *, judge_share: float, seed: int) -> NewRows:
    """Divide new rows into those to learn from, those of early stopping and those that judge.

    Raises:
        DataError: They are too few.
    """
    task = rows.task
    few = replace(
        dataset,
        table=dataset.table.take(rows.inputs.ids),
        part=dataset.part[rows.inputs.ids],
        row=dataset.row[rows.inputs.ids],
    )
    target = Target(task.target, task.kind, "", task.classes, rows.targets)
    subject = Subject(few, target, task.input_names)
    units = find_duplicates(subject).groups
    rule = load_kind(task.kind).split_rule()
    part = rule.assign(
        rows.targets, units, (1 - judge_share, judge_share), derive_seed(seed, "update")
    )
    learn, judged = np.flatnonzero(part == 0), np.flatnonzero(part == 1)
    if not len(learn) or len(judged) < 2:
        raise DataError(
            f"{len(rows):,} labelled rows are too few to learn from and to judge by",
            where=dataset.sources[0].location,
            fix="collect more rows before the update",
        )
    valid = np.array([], dtype=np.int64)
    if len(learn) * VALID_SHARE >= SMALLEST_VALID:
        shares = (1 - VALID_SHARE, VALID_SHARE)
        inner = rule.assign(rows.targets[learn], units[learn], shares, derive_seed(seed, "valid"))
        learn, valid = learn[inner == 0], learn[inner == 1]
    held_out = rows.take(valid) if len(valid) else None
    return NewRows(rows.take(learn), held_out, rows.take(judged))


def old_of_file(source: Any, task: TaskSpec, contender: Contender, seed: int) -> OldRows:
    """Return the rows of ``--old``: one half judges, the other may be learned from again."""
    rows, _, _ = read_labelled(source, task, contender, task.target)
    rows = _renamed(rows)
    keys = np.unique(np.asarray(rows.inputs.keys()), return_inverse=True)[1].astype(np.int64)
    rule = load_kind(task.kind).split_rule()
    part = rule.assign(rows.targets, keys, (0.5, 0.5), derive_seed(seed, "old"))
    judged, replay = np.flatnonzero(part == 0), np.flatnonzero(part == 1)
    return OldRows(rows.take(judged), rows.take(replay), "file")


def old_of_run(
    folder: RunFolder, plan: Plan, task: TaskSpec, contender: Contender
) -> OldRows | None:
    """Return the lockbox and the training rows of a run; None: its files are not here as they were.

    A source that is no file (a name on the hub, a data frame) is not read again.
    """
    import pyarrow.parquet as pq

    places = {source.part: Path(source.location) for source in plan.data.sources}
    for source in plan.data.sources:
        path = places[source.part]
        if not path.is_file() or hash_file(path) != source.sha256:
            return None
    types = {column.name: column.type for column in task.inputs}
    dataset = load_dataset(
        places["main"], valid=places.get("valid"), test=places.get("test"), types=types
    )
    splits = pq.read_table(folder.splits_file)
    role = {
        (part, row): role
        for part, row, role in zip(
            *(splits[name].to_pylist() for name in ("part", "row", "role")), strict=True
        )
    }
    roles = np.array(
        [role.get(key, "") for key in zip(dataset.part.tolist(), dataset.row.tolist(), strict=True)]
    )
    kind = load_kind(task.kind)

    def rows(*wanted: str) -> Examples:
        at = np.flatnonzero(np.isin(roles, wanted)).astype(np.int64)
        column = dataset.table[task.target].take(at)
        targets = kind.targets(strings(column) if task.classes else column, task.classes)
        inputs = dataset.inputs([*task.input_names, *contender.predict_columns()], at)
        return _renamed(Examples(task, inputs, targets))

    return OldRows(rows(LOCKBOX), rows(TRAIN, VALID), "lockbox")


def without_rows(rows: Examples, others: list[Examples]) -> Examples:
    """Return the rows whose content stands among none of the others."""
    known = {key for part in others for key in part.inputs.keys(rows.task.input_names)}
    keys = rows.inputs.keys(rows.task.input_names)
    return rows.take([at for at, key in enumerate(keys) if key not in known])


def draw_replay(rows: Examples, n_new: int, share: float, seed: int) -> Examples:
    """Return old rows so many that they make ``share`` of all that is learned from."""
    most = round(n_new * share / (1 - share))
    drawn = generator(seed, "replay").permutation(len(rows))[:most]
    return rows.take(np.sort(drawn))


def _renamed(rows: Examples) -> Examples:
    ids: NDArray[np.int64] = rows.inputs.ids + FIRST_OLD_ID
    return replace(rows, inputs=replace(rows.inputs, ids=ids))
