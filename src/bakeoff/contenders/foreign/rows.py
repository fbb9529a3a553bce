"""Inputs in the shapes that foreign code expects, and its answers as predictions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from bakeoff.core.errors import ContenderError
from bakeoff.data.columns import ColumnType
from bakeoff.tasks.predictions import Predictions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bakeoff.data.inputs import Inputs
    from bakeoff.tasks.spec import TaskSpec


def as_estimator_input(inputs: Inputs) -> Any:
    """Return a list of strings for a single text column, else a pandas DataFrame.

    In the frame, texts are strings (missing: empty), categories strings or None, numbers and
    dates (days since 1970) float64 or NaN, pictures encoded bytes. What others answered is left
    out.
    """
    inputs = _without_answers(inputs)
    if [column.type for column in inputs.columns] == [ColumnType.TEXT]:
        return inputs.texts(inputs.columns[0].name)
    import pandas as pd

    return pd.DataFrame({column.name: _values(inputs, column.name) for column in inputs.columns})


def as_dicts(inputs: Inputs) -> list[dict[str, Any]]:
    """Return one dict a row, column name -> plain Python value, None where missing.

    What others answered is left out.
    """
    rows: list[dict[str, Any]] = _without_answers(inputs).table.to_pylist()
    return rows


def to_answers(task: TaskSpec, inputs: Inputs, answers: Sequence[Any], whose: str) -> Predictions:
    """Return labels or numbers as predictions.

    A label outside the task's classes has status ``"outside"``, None has ``"missing"``.

    Raises:
        ContenderError: There is not one answer a row, or a number cannot be read.
    """
    if len(answers) != len(inputs):
        raise ContenderError(f"{whose} gave {len(answers)} answers for {len(inputs)} rows")
    plain = [value.item() if isinstance(value, np.generic) else value for value in answers]
    if not task.classes:
        return Predictions.of_numbers(inputs.ids, np.asarray([_number(v, whose) for v in plain]))
    codes = {name: code for code, name in enumerate(task.classes)}
    found = np.asarray([codes.get(str(value), -1) for value in plain], dtype=np.int64)
    status = [
        "missing" if value is None else "outside" if code < 0 else None
        for value, code in zip(plain, found, strict=True)
    ]
    return Predictions.of_labels(inputs.ids, found, status=status)


def _without_answers(inputs: Inputs) -> Inputs:
    return inputs.select([c.name for c in inputs.columns if c.type is not ColumnType.ANSWER])


def _number(value: Any, whose: str) -> float:
    if value is None:
        return math.nan
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise ContenderError(f"{whose} answered {value!r}, which is not a number") from error


def _values(inputs: Inputs, name: str) -> Any:
    kind = next(column.type for column in inputs.columns if column.name == name)
    if kind == ColumnType.TEXT:
        return inputs.texts(name)
    if kind == ColumnType.CATEGORY:
        return inputs.categories(name)
    if kind in (ColumnType.NUMBER, ColumnType.DATE):
        return inputs.numbers(name)
    return inputs.images(name) if kind == ColumnType.IMAGE else inputs.table[name].to_pylist()
