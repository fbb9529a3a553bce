"""Regression: a number for each example."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bakeoff.metrics.base import Pairs
from bakeoff.tasks.kind import TaskKind
from bakeoff.tasks.numbers import read_numbers
from bakeoff.tasks.splitting import SplitRule, Stratified

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bakeoff.tasks.predictions import Predictions
    from bakeoff.tasks.spec import TaskSpec


class Regression(TaskKind):
    """Targets are float64; predictions have ``value``."""

    name: ClassVar[str] = "regression"
    metrics: ClassVar[tuple[str, ...]] = ("mse", "rmse", "mae", "r2", "spearman", "pearson")

    def targets(self, column: pa.ChunkedArray, classes: tuple[str, ...]) -> NDArray[np.float64]:  # noqa: ARG002 - the seam's signature
        """Return numbers, NaN where missing."""
        return np.asarray(
            pc.fill_null(column.cast(pa.float64()), float("nan")).to_numpy(), dtype=np.float64
        )

    def pairs(self, task: TaskSpec, targets: NDArray[Any], predictions: Predictions) -> Pairs:  # noqa: ARG002 - the seam's signature
        """Return the numbers."""
        return Pairs(targets, predictions.values)

    def split_rule(self) -> SplitRule:
        """Return the stratified rule over tenths of the target's range."""
        return Stratified()

    def display(self, task: TaskSpec, predictions: Predictions) -> list[str]:
        """Return the numbers with four significant digits."""
        return self.display_targets(task, predictions.values)

    def display_targets(self, task: TaskSpec, targets: NDArray[Any]) -> list[str]:  # noqa: ARG002 - the seam's signature
        """Return the numbers with four significant digits."""
        return ["" if math.isnan(value) else f"{value:.4g}" for value in targets]

    def answers(
        self, task: TaskSpec, texts: list[str | None]
    ) -> tuple[NDArray[np.float64], list[str | None]]:
        """Read numbers; what is not a finite number is ``"outside"``."""
        del task
        return read_numbers(texts)
