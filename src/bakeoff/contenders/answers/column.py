"""``answers:COLUMN``: predictions that were made elsewhere and stand in a column of the data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from bakeoff.contenders.base import Card, Contender, Fitted
from bakeoff.core.errors import UsageError
from bakeoff.core.files import write_atomic
from bakeoff.data.columns import ColumnType
from bakeoff.tasks.kind import load_kind
from bakeoff.tasks.predictions import Predictions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from bakeoff.contenders.base import Context
    from bakeoff.data.inputs import Inputs
    from bakeoff.tasks.examples import Examples
    from bakeoff.tasks.spec import TaskSpec


@dataclass(frozen=True)
class Answers(Contender):
    """Enters the answers of one column as a contender that learns nothing.

    Every row that has an answer, usable or not, uses one ``answers:COLUMN/row``, so that a price
    per row can be put on it. How sure the answers were is not known: no confidence, no
    probabilities.

    Args:
        column: Name of the column of type `ColumnType.ANSWER`.
    """

    card: ClassVar[Card] = Card(
        name="answers",
        title="given answers",
        seconds_per_1000=0,
        family="answers",
        summary="Answers that an LLM, a vendor or a person already gave, in a column of the data",
        kinds=frozenset({"classification", "regression"}),
        reads=frozenset({ColumnType.ANSWER}),
        learns=False,
        rank=0,
    )

    column: str

    @classmethod
    def from_spec(
        cls,
        argument: str,
        settings: Mapping[str, str],
        make: Callable[[str], Contender],
    ) -> Contender:
        """Make ``answers:COLUMN``.

        Raises:
            UsageError: No column is named, or a setting is given.
        """
        del make
        if settings:
            raise UsageError(f"'answers' has no settings, got '{next(iter(settings))}'")
        if not argument:
            raise UsageError("'answers' needs the name of a column", fix="write answers:COLUMN")
        return cls(argument)

    def argument(self) -> str:
        """Return the column's name."""
        return self.column

    def columns(self) -> tuple[str, ...]:
        """Return the column of answers, which no other contender is shown."""
        return (self.column,)

    def fit(self, train: Examples, valid: Examples | None, context: Context) -> FittedAnswers:
        """Learn nothing; the task says how answers are read."""
        del valid, context
        return FittedAnswers(self.column, train.task)

    def load(self, folder: Path, task: TaskSpec) -> FittedAnswers:
        """Return the same: there is nothing to read."""
        del folder
        return FittedAnswers(self.column, task)


@dataclass(frozen=True, slots=True)
class FittedAnswers(Fitted):
    """Reads the column as predictions of ``task``."""

    column: str
    task: TaskSpec

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Return the answers; ``"missing"`` where there is none, ``"outside"`` where unusable.

        Raises:
            ContenderError: The inputs do not have the column.
        """
        del context
        values, status = load_kind(self.task.kind).answers(
            self.task, inputs.categories(self.column)
        )
        unit = f"answers:{self.column}/row"
        # An answer that cannot be used was paid for all the same.
        usage = [{} if state == "missing" else {unit: 1.0} for state in status]
        if np.issubdtype(values.dtype, np.integer):
            return Predictions.of_labels(inputs.ids, values, status=status, usage=usage)
        return Predictions.of_numbers(inputs.ids, values, status=status, usage=usage)

    def save(self, folder: Path) -> None:
        """Write the column's name, for who looks into the folder."""
        write_atomic(folder / "answers.json", json.dumps({"column": self.column}).encode())
