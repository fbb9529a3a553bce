"""What a model answered, read as a class or a number, or not read at all: never guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bakeoff.core.errors import UsageError
from bakeoff.models.prompting.parse_label import LabelReader
from bakeoff.models.prompting.parse_number import read_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from bakeoff.tasks.spec import TaskSpec


def answer_reader(task: TaskSpec) -> Callable[[str], tuple[float, str | None]]:
    """Return what reads answers to a task.

    It takes an answer's text and returns a class code (-1: none) or a number (NaN: none), and
    None or why there is none: ``"refused"`` (the model declines), ``"outside"`` (a clear answer
    that is not possible) or ``"unparsed"`` (no single clear answer).

    Raises:
        UsageError: The kind of task cannot be prompted.
    """
    if task.kind == "classification":
        return LabelReader(task.classes).read
    if task.kind == "regression":
        return read_number
    raise UsageError(
        f"answers of a prompted model to a task of the kind '{task.kind}' cannot be read",
        why="answers are read for classification and regression",
        fix="leave prompted models out",
    )
