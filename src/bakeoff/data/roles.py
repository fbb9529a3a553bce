"""What each column is for: input, target, group, answer, id or unused; nothing is left unsaid."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from bakeoff.core.errors import DataError, UsageError
from bakeoff.data.columns import Column, ColumnType

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bakeoff.data.dataset import Dataset

READABLE = (
    ColumnType.TEXT,
    ColumnType.CATEGORY,
    ColumnType.NUMBER,
    ColumnType.DATE,
    ColumnType.IMAGE,
)
"""Types that can be inputs."""


@dataclass(frozen=True, slots=True)
class ColumnRole:
    """A column, its type, its role and why (the fields of ``results.records.ColumnRecord``)."""

    name: str
    type: str
    role: str
    """``"input"``, ``"target"``, ``"group"``, ``"answer"``, ``"id"`` or ``"unused"``."""
    reason: str


def assign_roles(  # noqa: PLR0913 - one argument for each option of the command line
    dataset: Dataset,
    target: str | None,
    *,
    texts: Sequence[str] = (),
    inputs: Sequence[str] = (),
    group: str | None = None,
    id_column: str | None = None,
    ignore: Sequence[str] = (),
    target_reason: str = "given by --target",
) -> tuple[ColumnRole, ...]:
    """Return the role of every column, in the order of the dataset.

    Args:
        dataset: The data; load it with ``types={name: ColumnType.TEXT}`` for the names in
            ``texts``, so that they have this type.
        target: Column that is predicted; None where the input is its own answer.
        texts: ``--text``: text columns that are inputs.
        inputs: ``--category``, ``--number``, ``--image``: other inputs. If one of these or of
            ``texts`` is given, no other column is one.
        group: ``--group``: rows with equal values stay on one side of every split.
        id_column: ``--id``.
        ignore: ``--ignore``.
        target_reason: Why this is the target, where the user did not say it.

    Raises:
        UsageError: A name is not a column, or two options claim the same one.
        DataError: No input is left.
    """
    claimed = _claims(dataset, target, texts, inputs, group, id_column, ignore)
    chosen = bool(texts or inputs)
    roles = tuple(_role(dataset, column, claimed, chosen=chosen) for column in dataset.columns)
    roles = tuple(
        replace(role, reason=target_reason) if role.role == "target" else role for role in roles
    )
    if not any(role.role == "input" for role in roles):
        why = "; ".join(f"'{role.name}': {role.role}, {role.reason}" for role in roles)
        raise DataError(
            "there is no input column",
            where=dataset.sources[0].location,
            why=why,
            fix="name one: --text, --category, --number or --image COLUMN",
        )
    return roles


def input_names(roles: Sequence[ColumnRole]) -> tuple[str, ...]:
    """Return the names of the inputs, in order."""
    return tuple(role.name for role in roles if role.role == "input")


def text_pair(dataset: Dataset, names: Sequence[str]) -> tuple[str, str] | None:
    """Return the two text columns if the inputs hold exactly two: they are read as a pair."""
    texts = [name for name in names if dataset.column(name).type is ColumnType.TEXT]
    return (texts[0], texts[1]) if len(texts) == 2 else None


def _claims(  # noqa: PLR0913 - as above
    dataset: Dataset,
    target: str | None,
    texts: Sequence[str],
    inputs: Sequence[str],
    group: str | None,
    id_column: str | None,
    ignore: Sequence[str],
) -> dict[str, tuple[str, str]]:
    """Return column -> (role, option) for the columns that the user spoke of."""
    asked = [(target, "target", "--target")] if target else []
    asked += [(name, "input", "--text") for name in texts]
    asked += [(name, "input", f"--{dataset.column(name).type.value}") for name in inputs]
    asked += [(group, "group", "--group")] if group else []
    asked += [(id_column, "id", "--id")] if id_column else []
    asked += [(name, "unused", "--ignore") for name in ignore]
    claimed: dict[str, tuple[str, str]] = {}
    for name, role, option in asked:
        dataset.column(name)
        before = claimed.get(name)
        if before is not None and before[0] != role:
            raise UsageError(f"'{name}' is given twice: as {before[1]} and as {option}")
        claimed[name] = (role, option)
    return claimed


def _role(
    dataset: Dataset, column: Column, claimed: Mapping[str, tuple[str, str]], *, chosen: bool
) -> ColumnRole:
    if column.name in claimed:
        role, option = claimed[column.name]
        if role == "input" and column.type not in READABLE:
            raise UsageError(
                f"'{column.name}' is of type {column.type.value} and cannot be an input",
                why=column.reason,
                fix="give it another type, for example --text " + column.name,
            )
        return ColumnRole(column.name, column.type.value, role, f"given by {option}")
    if column.type is ColumnType.ANSWER:
        return ColumnRole(column.name, column.type.value, "answer", column.reason)
    if column.type is ColumnType.ID:
        return ColumnRole(column.name, column.type.value, "id", column.reason)
    if chosen:
        why = "not among the inputs named; add it with --text, --category, --number or --image"
        return ColumnRole(column.name, column.type.value, "unused", why)
    if column.type not in READABLE:
        why = f"type {column.type.value} is not read"
        return ColumnRole(column.name, column.type.value, "unused", why)
    if pc.count_distinct(dataset.table[column.name], mode="all").as_py() < 2:
        return ColumnRole(column.name, column.type.value, "unused", "the same in every row")
    return ColumnRole(column.name, column.type.value, "input", column.reason)
