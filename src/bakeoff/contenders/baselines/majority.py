"""The same answer for every row: the most frequent class, or the mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from bakeoff.contenders.base import Card, Contender, Fitted
from bakeoff.models.outputs import to_predictions
from bakeoff.models.state import load_state, save_state
from bakeoff.tasks.examples import Examples

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from bakeoff.contenders.base import Context
    from bakeoff.data.inputs import Inputs
    from bakeoff.tasks.predictions import Predictions
    from bakeoff.tasks.spec import TaskSpec


@dataclass(frozen=True)
class Majority(Contender):
    """Predicts the shares of the classes in training, or the mean of the numbers."""

    card: ClassVar[Card] = Card(
        name="majority",
        title="always the most common",
        seconds_per_1000=0.001,
        family="baselines",
        summary="always the most frequent class (the mean, for numbers)",
        kinds=frozenset({"classification", "regression"}),
        abilities=frozenset({"probabilities", "confidence"}),
        rank=0,
    )

    def fit(self, train: Examples, valid: Examples | None, context: Context) -> MajorityFitted:
        """Count the classes, or average the numbers, of both parts."""
        del context
        targets = Examples.concatenate(train, valid).targets
        if train.task.kind == "regression":
            return MajorityFitted(np.asarray(targets.mean()))
        counts = np.bincount(targets, minlength=len(train.task.classes))
        return MajorityFitted(counts / counts.sum())

    def load(self, folder: Path, task: TaskSpec) -> MajorityFitted:
        """Read back what `MajorityFitted.save` wrote."""
        del task
        return MajorityFitted(np.asarray(load_state(folder).arrays["answer"], dtype=np.float64))


@dataclass(frozen=True, slots=True)
class MajorityFitted(Fitted):
    """The answer: ``(n_classes,)`` shares, or a single number of shape ``()``; float64."""

    answer: NDArray[Any]

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Return the answer once for each row."""
        del context
        outputs = np.broadcast_to(self.answer, (len(inputs), *self.answer.shape))
        return to_predictions(inputs.ids, outputs)

    def save(self, folder: Path) -> None:
        """Write the answer."""
        save_state(folder, {}, {"answer": self.answer})
