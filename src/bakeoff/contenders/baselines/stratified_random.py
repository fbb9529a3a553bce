"""A label drawn at random by the shares of the classes: what chance alone can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from bakeoff.contenders.base import Card, Contender, Fitted
from bakeoff.core.seeds import derive_seed
from bakeoff.data.columns import ColumnType
from bakeoff.models.state import load_state, save_state
from bakeoff.tasks.examples import Examples
from bakeoff.tasks.predictions import Predictions

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from bakeoff.contenders.base import Context
    from bakeoff.data.inputs import Inputs
    from bakeoff.tasks.spec import TaskSpec

_READS = frozenset(ColumnType) - {ColumnType.ANSWER}
"""A draw hangs on what the row says, and not on what others answered."""


@dataclass(frozen=True)
class StratifiedRandom(Contender):
    """Draws a class by its share in training, or one of the training numbers."""

    card: ClassVar[Card] = Card(
        name="stratified-random",
        title="guessing by class shares",
        seconds_per_1000=0.001,
        family="baselines",
        summary="a class drawn at random by its share (a training value, for numbers)",
        kinds=frozenset({"classification", "regression"}),
        reads=_READS,
        deterministic=False,
        rank=0,
    )

    def fit(
        self, train: Examples, valid: Examples | None, context: Context
    ) -> StratifiedRandomFitted:
        """Keep the sorted targets of both parts, from which a draw is one position."""
        rows = Examples.concatenate(train, valid)
        return StratifiedRandomFitted(np.sort(rows.targets), len(rows.task.classes), context.seed)

    def load(self, folder: Path, task: TaskSpec) -> StratifiedRandomFitted:
        """Read back what `StratifiedRandomFitted.save` wrote."""
        state = load_state(folder)
        return StratifiedRandomFitted(
            state.arrays["targets"], len(task.classes), int(state.number("seed"))
        )


@dataclass(frozen=True, slots=True)
class StratifiedRandomFitted(Fitted):
    """The training targets, ``(n,)``, sorted, and the seed of the draws."""

    targets: NDArray[Any]
    n_classes: int
    seed: int

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Draw once for each row; equal rows get the same draw, in any order and company."""
        del context
        keys = inputs.keys(inputs.named(*_READS))
        draws = np.asarray([derive_seed(self.seed, key) for key in keys], dtype=np.int64)
        drawn = self.targets[draws % len(self.targets)]
        if self.n_classes == 0:
            return Predictions.of_numbers(inputs.ids, drawn)
        # No probabilities: those of a draw would be the shares, whose largest is another class.
        return Predictions.of_labels(inputs.ids, drawn)

    def save(self, folder: Path) -> None:
        """Write targets and seed."""
        save_state(folder, {"seed": self.seed}, {"targets": self.targets})
