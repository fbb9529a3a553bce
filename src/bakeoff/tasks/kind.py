"""What a kind of task adds: its targets, its pairs for the metrics, and how its rows are split."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from bakeoff.core.registry import Registry

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from bakeoff.metrics.base import Pairs
    from bakeoff.tasks.predictions import Predictions
    from bakeoff.tasks.spec import TaskSpec
    from bakeoff.tasks.splitting import SplitRule


class TaskKind(ABC):
    """One kind of task, for example classification; a stateless object, one file each.

    Planning calls `targets` and `split_rule`; the judge calls `pairs` on every contender's
    predictions, so that metrics never see an Arrow table or an id.
    """

    name: ClassVar[str]
    metrics: ClassVar[tuple[str, ...]]
    """Default metrics; the first is primary."""

    @abstractmethod
    def targets(self, column: pa.ChunkedArray, classes: tuple[str, ...]) -> NDArray[Any]:
        """Return the target column as the array that contenders learn from: ``(n,)``."""

    @abstractmethod
    def pairs(self, task: TaskSpec, targets: NDArray[Any], predictions: Predictions) -> Pairs:
        """Return truth and prediction as the metrics take them; rows in the same order."""

    @abstractmethod
    def split_rule(self) -> SplitRule:
        """Return how rows of this kind are divided when nothing else was said."""

    @abstractmethod
    def display(self, task: TaskSpec, predictions: Predictions) -> list[str]:
        """Return each prediction as a person reads it (``""`` where missing)."""

    @abstractmethod
    def display_targets(self, task: TaskSpec, targets: NDArray[Any]) -> list[str]:
        """Return each target as a person reads it."""

    @abstractmethod
    def answers(
        self, task: TaskSpec, texts: list[str | None]
    ) -> tuple[NDArray[Any], list[str | None]]:
        """Read predictions made elsewhere.

        Args:
            task: The task that they answer.
            texts: One answer an example as it was written, None where there is none.

        Returns:
            The answers like `targets` (-1 or NaN where there is no usable one), and the status of
            each: None, ``"missing"`` (no answer) or ``"outside"`` (not a possible answer).
        """


KINDS: Registry[type[TaskKind]] = Registry(
    what="kind of task",
    built_in={
        "classification": "bakeoff.tasks.classification:Classification",
        "regression": "bakeoff.tasks.regression:Regression",
        "language-modelling": "bakeoff.tasks.language:LanguageModelling",
    },
    group="bakeoff.tasks",
)


def load_kind(name: str) -> TaskKind:
    """Return the kind with this name.

    Raises:
        UsageError: There is none.
    """
    return KINDS.load(name)()
