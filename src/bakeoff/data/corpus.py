"""Texts that are their own answer: which column holds them, for language modelling."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from bakeoff.core.errors import UsageError
from bakeoff.data.columns import ColumnType
from bakeoff.data.revise import set_rows_aside
from bakeoff.data.roles import assign_roles
from bakeoff.data.target import Target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bakeoff.data.dataset import Dataset
    from bakeoff.data.roles import ColumnRole

KIND = "language-modelling"

BLOCK_SETTING = "block"
"""The task's setting that says into how long blocks running text was cut."""


def text_column(dataset: Dataset, asked: Sequence[str]) -> tuple[str, str]:
    """Return the column whose text is modelled, and why it.

    Args:
        dataset: The rows.
        asked: Columns that the user named.

    Raises:
        UsageError: There is no such column, no text at all, or more than one and none is named.
    """
    texts = tuple(dict.fromkeys(asked)) or dataset.of_type(ColumnType.TEXT)
    if len(texts) == 1:
        column = dataset.column(texts[0])
        if column.type is not ColumnType.TEXT:
            raise UsageError(
                f"'{column.name}' is of type {column.type.value}, and a language model reads text",
                why=column.reason,
                fix=f"say that it is text: --text {column.name}",
            )
        return column.name, "given by the user" if asked else column.reason
    listed = ", ".join(f"'{name}'" for name in texts)
    raise UsageError(
        "a language model reads one column of text"
        + (f", and there are {len(texts)}: {listed}" if texts else ", and there is none"),
        where=dataset.sources[0].location,
        fix="name it: --text COLUMN",
    )


def read_texts(dataset: Dataset, column: str) -> tuple[Dataset, Target]:
    """Return the dataset without rows that hold no text, and its texts as the target.

    Raises:
        DataError: No text is left.
    """
    texts = pc.fill_null(dataset.table[column].cast("large_string"), "").to_pylist()
    empty = {at: f"no text in '{column}'" for at, text in enumerate(texts) if not text}
    kept = set_rows_aside(dataset, empty)
    present = [text for text in texts if text]
    values = np.empty(len(present), dtype=object)
    values[:] = present
    return kept, Target(column, KIND, "given by the user", (), values)


def text_roles(
    dataset: Dataset,
    column: str,
    reason: str,
    *,
    group: str | None = None,
    id_column: str | None = None,
    ignore: Sequence[str] = (),
) -> tuple[ColumnRole, ...]:
    """Return the role of every column where the text is both input and answer.

    Raises:
        UsageError: A name is not a column, or two options claim the same one.
    """
    roles = assign_roles(
        dataset, None, texts=(column,), group=group, id_column=id_column, ignore=ignore
    )
    return tuple(
        replace(role, reason=f"{reason}; it is its own answer") if role.name == column else role
        for role in roles
    )
