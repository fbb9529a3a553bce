"""The target column: which it is, what kind of task it makes, and its values as arrays."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bakeoff.core.errors import DataError, UsageError
from bakeoff.data.columns import ColumnType
from bakeoff.data.convert import as_number, as_string
from bakeoff.data.load import KINDS_KEY
from bakeoff.data.revise import set_rows_aside

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bakeoff.data.dataset import Dataset

TARGET_NAMES = (
    *("label", "labels", "target", "class", "y", "category", "sentiment", "intent", "folder"),
    *("score", "rating", "stars", "outcome", "price"),
)
"""Looked for in this order, capitals aside, when the user names no target."""

_MOST_INTEGER_CLASSES = 20
_CANNOT_BE_TARGET = (ColumnType.IMAGE, ColumnType.AUDIO, ColumnType.BOXES, ColumnType.MASK)
_NO_LABEL = frozenset({"", "nan"})


@dataclass(frozen=True, slots=True)
class Target:
    """What is predicted.

    Args:
        column: Name of the column.
        kind: ``"classification"`` or ``"regression"``.
        reason: Why this kind.
        classes: Names of the classes, sorted (as numbers where all are); empty for regression.
        values: ``(n,)``: class codes (int32, positions in ``classes``), or float64 numbers.
    """

    column: str
    kind: str
    reason: str
    classes: tuple[str, ...]
    values: NDArray[Any]


def infer_target(dataset: Dataset) -> tuple[str, str]:
    """Return the name of the column that is most likely the target, and why.

    Raises:
        UsageError: No column has one of the usual names; the message lists all columns.
    """
    by_name = {
        column.name.strip().casefold(): column.name
        for column in reversed(dataset.columns)
        if column.type not in (*_CANNOT_BE_TARGET, ColumnType.ANSWER)
    }
    for name in TARGET_NAMES:
        if name in by_name:
            return by_name[name], "its name is that of a target"
    shown = ", ".join(f"'{column.name}' ({column.type.value})" for column in dataset.columns)
    raise UsageError(
        "it is not clear which column is to be predicted",
        where=dataset.sources[0].location,
        why=f"columns: {shown}",
        fix="name it: --target COLUMN",
    )


def infer_kind(dataset: Dataset, target: str) -> tuple[str, str]:
    """Return ``"classification"`` or ``"regression"``, and why.

    Strings, booleans and few different whole numbers are classes; numbers with fractions or many
    different ones are quantities.

    Raises:
        UsageError: There is no such column, or it cannot be a target.
        DataError: Its values are of mixed types, all missing, or free text.
    """
    column = dataset.column(target)
    if column.type in _CANNOT_BE_TARGET:
        raise UsageError(f"'{target}' is a column of type {column.type.value}: no target yet")
    _refuse_mixed(dataset, target)
    labels = [label for label in _labels(dataset, target) if label is not None]
    if not labels:
        raise DataError(
            f"the target '{target}' has no value in any of {len(dataset):,} rows",
            where=dataset.sources[0].location,
            fix="name another column: --target COLUMN",
        )
    distinct = set(labels)
    numbers = [number for number in map(_number_or_none, distinct) if number is not None]
    if column.type is ColumnType.NUMBER or len(numbers) > max(
        _MOST_INTEGER_CLASSES, 0.9 * len(distinct)
    ):
        return _kind_of_numbers(numbers, len(labels))
    if len(distinct) > len(labels) / 2 and len(labels) > _MOST_INTEGER_CLASSES:
        raise DataError(
            f"the target '{target}' looks like free text: {len(distinct):,} different values in "
            f"{len(labels):,} rows",
            where=dataset.sources[0].location,
            why="classes must repeat, or nothing can be learnt about them",
            fix="name another column: --target COLUMN",
        )
    return "classification", f"{len(distinct):,} different values that are no numbers"


def read_target(dataset: Dataset, target: str, kind: str | None = None) -> tuple[Dataset, Target]:
    """Return the dataset without the rows that have no usable label, and the target's values.

    Args:
        dataset: The rows.
        target: Name of the column.
        kind: ``"classification"`` or ``"regression"``; None: inferred.

    Raises:
        UsageError: There is no such column, or no such kind here.
        DataError: Mixed types, no value at all, or a single class.
    """
    inferred, reason = infer_kind(dataset, target) if kind is None else (kind, "given by the user")
    if inferred not in ("classification", "regression"):
        raise UsageError(f"unknown kind '{kind}'", fix="known: 'classification', 'regression'")
    if kind is not None:
        dataset.column(target)
        _refuse_mixed(dataset, target)
    read = _classes if inferred == "classification" else _numbers
    kept, classes, values = read(dataset, target)
    return kept, Target(target, inferred, reason, classes, values)


def _classes(dataset: Dataset, target: str) -> tuple[Dataset, tuple[str, ...], NDArray[Any]]:
    labels = _labels(dataset, target)
    missing = {at: f"no label in '{target}'" for at, label in enumerate(labels) if label is None}
    kept = set_rows_aside(dataset, missing)
    present = [label for label in labels if label is not None]
    classes = tuple(sorted(set(present), key=_class_order))
    if len(classes) < 2:
        raise DataError(
            f"the target '{target}' has a single class, '{classes[0]}', in {len(present):,} rows",
            where=dataset.sources[0].location,
            why="there is nothing to tell apart",
            fix="name another column: --target COLUMN",
        )
    code = {name: position for position, name in enumerate(classes)}
    return kept, classes, np.array([code[label] for label in present], dtype=np.int32)


def _numbers(dataset: Dataset, target: str) -> tuple[Dataset, tuple[str, ...], NDArray[Any]]:
    reasons: dict[int, str] = {}
    numbers = []
    for position, cell in enumerate(dataset.table[target].to_pylist()):
        try:
            number = as_number(cell)
        except (TypeError, ValueError):
            reasons[position] = f"'{str(cell)[:40]}' in '{target}' is not a number"
            continue
        if math.isnan(number):
            reasons[position] = f"no number in '{target}'"
        else:
            numbers.append(number)
    values = np.array(numbers, dtype=np.float64)
    if not numbers:
        raise DataError(
            f"the target '{target}' holds no number in any of {len(dataset):,} rows",
            where=dataset.sources[0].location,
            why=f"row {int(dataset.row[0]) + 1}: {reasons[0]}",
            fix="leave --kind regression out, or name another column: --target COLUMN",
        )
    kept = set_rows_aside(dataset, reasons)
    if len(np.unique(values)) < 2:
        raise DataError(
            f"the target '{target}' has a single value, {values[0]:g}, in {len(values):,} rows",
            where=dataset.sources[0].location,
            why="there is nothing to tell apart",
            fix="name another column: --target COLUMN",
        )
    return kept, (), values


def is_blank(cell: object) -> bool:
    """Return whether a cell of the target holds nothing at all: a row without a label."""
    label = as_string(cell)
    return label is None or label.strip().casefold() in _NO_LABEL


def _labels(dataset: Dataset, target: str) -> list[str | None]:
    """Return a label per row as a string (1.0 is "1"), None where there is none."""
    labels = [as_string(cell) for cell in dataset.table[target].to_pylist()]
    return [
        None if label is None or label.strip().casefold() in _NO_LABEL else label
        for label in labels
    ]


def _kind_of_numbers(numbers: list[float], n: int) -> tuple[str, str]:
    distinct = len(numbers)
    if not all(number.is_integer() for number in numbers):
        return "regression", "numbers with fractions"
    if distinct <= _MOST_INTEGER_CLASSES and n >= 2 * distinct:
        return "classification", f"{distinct} different whole numbers"
    return "regression", f"{distinct:,} different whole numbers"


def _number_or_none(label: str) -> float | None:
    try:
        number = as_number(label)
    except ValueError:
        return None
    return None if math.isnan(number) else number


def _class_order(label: str) -> tuple[int, float, str]:
    """Sort numbers by size and before all other names."""
    number = _number_or_none(label)
    return (1, 0.0, label) if number is None else (0, number, label)


def _refuse_mixed(dataset: Dataset, target: str) -> None:
    """Refuse a column in which 1 and "1" both stand.

    Raises:
        DataError: The cells are of more than one kind; the message counts each.
    """
    metadata = dataset.table.schema.field(target).metadata or {}
    kinds: dict[str, int] = json.loads(metadata.get(KINDS_KEY, b"{}"))
    if len(kinds) > 1:
        counts = " and ".join(f"{count:,} of kind {kind}" for kind, count in sorted(kinds.items()))
        raise DataError(
            f"the labels in '{target}' are of mixed types: {counts}",
            where=f"{dataset.sources[0].location}, column '{target}'",
            why='1 and "1" would silently become one class, or two',
            fix="write all labels as text, or all as numbers",
        )
