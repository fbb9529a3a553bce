"""Classification: one of a fixed list of classes for each example."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bakeoff.metrics.base import Pairs
from bakeoff.tasks.kind import TaskKind
from bakeoff.tasks.splitting import SplitRule, Stratified

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bakeoff.tasks.predictions import Predictions
    from bakeoff.tasks.spec import TaskSpec


class Classification(TaskKind):
    """Targets are class codes, int32; predictions have ``label`` and perhaps ``probabilities``."""

    name: ClassVar[str] = "classification"
    metrics: ClassVar[tuple[str, ...]] = (
        "accuracy",
        "recall_macro",
        "f1_macro",
        "mcc",
        "log_loss",
        "brier",
        "ece",
    )

    def targets(self, column: pa.ChunkedArray, classes: tuple[str, ...]) -> NDArray[np.int32]:
        """Return class codes; a label that is not among ``classes`` becomes -1."""
        codes = pc.index_in(column.cast(pa.large_string()), pa.array(classes, pa.large_string()))
        return np.asarray(pc.fill_null(codes, -1).to_numpy(), dtype=np.int32)

    def pairs(self, task: TaskSpec, targets: NDArray[Any], predictions: Predictions) -> Pairs:
        """Return codes and probabilities."""
        return Pairs(targets, predictions.codes, predictions.probabilities, task.classes)

    def split_rule(self) -> SplitRule:
        """Return the stratified rule."""
        return Stratified()

    def display(self, task: TaskSpec, predictions: Predictions) -> list[str]:
        """Return class names."""
        return self.display_targets(task, predictions.codes)

    def display_targets(self, task: TaskSpec, targets: NDArray[Any]) -> list[str]:
        """Return class names."""
        return [task.classes[code] if code >= 0 else "" for code in targets]

    def answers(
        self, task: TaskSpec, texts: list[str | None]
    ) -> tuple[NDArray[np.int32], list[str | None]]:
        """Read labels: as written, else trimmed and case-folded where that names one class only."""
        exact = {name: code for code, name in enumerate(task.classes)}
        folded: dict[str, int] = {}
        for name, code in exact.items():
            key = name.strip().casefold()
            folded[key] = -1 if key in folded else code
        codes = np.full(len(texts), -1, dtype=np.int32)
        status: list[str | None] = []
        for position, text in enumerate(texts):
            if text is None or not text.strip():
                status.append("missing")
                continue
            code = exact.get(text, folded.get(text.strip().casefold(), -1))
            codes[position] = code
            status.append("outside" if code < 0 else None)
        return codes, status
