"""A Python function that answers rows: rules, another program, anything that can be called."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from bakeoff.contenders.base import Card, Contender, Fitted
from bakeoff.contenders.foreign.rows import as_dicts, to_answers
from bakeoff.core.errors import ArtefactError, ContenderError, UsageError
from bakeoff.core.registry import load_object
from bakeoff.data.columns import ColumnType

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from bakeoff.contenders.base import Context
    from bakeoff.data.inputs import Inputs
    from bakeoff.tasks.examples import Examples
    from bakeoff.tasks.predictions import Predictions
    from bakeoff.tasks.spec import TaskSpec

    Answer = Callable[[list[dict[str, Any]]], Sequence[Any]]


@dataclass(frozen=True)
class PythonCallable(Contender):
    """Calls ``function(rows)``, rows being dicts, for one label or number each; learns nothing.

    Args:
        function: Takes a list of dicts (column name -> value, None where missing) and returns as
            many labels or numbers; None for a row that it cannot answer.
        label: Name in tables; default: where the function is defined.
    """

    card: ClassVar[Card] = Card(
        name="python",
        family="foreign",
        summary="a Python function from rows to labels or numbers",
        kinds=frozenset({"classification", "regression"}),
        reads=frozenset(ColumnType) - {ColumnType.ANSWER},
        learns=False,
        rank=3,
        licence="that of the function",
    )

    function: Answer | None = None
    label: str = field(default="", kw_only=True)

    @classmethod
    def from_spec(
        cls,
        argument: str,
        settings: Mapping[str, str],
        make: Callable[[str], Contender],
    ) -> PythonCallable:
        """Make it from ``python:module:function``.

        Raises:
            UsageError: The function cannot be imported or called.
        """
        del make
        if settings or ":" not in argument:
            raise UsageError(
                f"cannot read 'python:{argument}'", fix="write it as python:module:function"
            )
        function: Answer = load_object(argument)
        if not callable(function):
            raise UsageError(f"'{argument}' is not a function")
        return cls(function)

    @property
    def name(self) -> str:
        """The label, or the spec with the function's module and name."""
        return self.label or f"{self.card.name}:{self.argument()}"

    def argument(self) -> str:
        """Return ``module:function``."""
        module = getattr(self.function, "__module__", "?")
        return f"{module}:{getattr(self.function, '__qualname__', type(self.function).__name__)}"

    def fit(
        self, train: Examples, valid: Examples | None, context: Context
    ) -> PythonCallableFitted:
        """Return the function as it is."""
        del valid, context
        return self.load_for(train.task)

    def load(self, folder: Path, task: TaskSpec) -> PythonCallableFitted:
        """Return the function as it is; there is no state in ``folder``."""
        del folder
        return self.load_for(task)

    def load_for(self, task: TaskSpec) -> PythonCallableFitted:
        """Return the function bound to a task.

        Raises:
            UsageError: No function was given.
        """
        if self.function is None:
            raise UsageError("no function was given", fix="PythonCallable(function)")
        return PythonCallableFitted(self.name, self.function, task)


@dataclass(frozen=True, slots=True)
class PythonCallableFitted(Fitted):
    """The function and the task that it answers."""

    name: str
    function: Answer
    task: TaskSpec

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Return the function's answers.

        Raises:
            ContenderError: The function raised, or gave other than one answer a row.
        """
        del context
        rows = as_dicts(inputs)
        try:
            answers = self.function(rows) if rows else []
        except Exception as error:
            raise ContenderError(f"{self.name} raised {type(error).__name__}: {error}") from error
        return to_answers(self.task, inputs, answers, self.name)

    def save(self, folder: Path) -> None:
        """Refuse: the code of a function is not data.

        Raises:
            ArtefactError: Always.
        """
        del folder
        raise ArtefactError(
            f"'{self.name}' cannot be shipped",
            why="a function is code, and models are kept as data alone",
            fix="keep the function in your own package",
        )
