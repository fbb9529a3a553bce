"""Examples: inputs with their targets; what a contender learns from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bakeoff.data.inputs import Inputs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bakeoff.tasks.spec import TaskSpec


@dataclass(frozen=True, slots=True)
class Examples:
    """Inputs and targets of ``n`` examples of one task.

    Args:
        task: What is predicted from what.
        inputs: ``n`` examples.
        targets: ``(n,)``: class codes (int32, positions in ``task.classes``) for classification,
            float64 for regression, objects for kinds with structured targets.
        soft: ``(n, n_classes)``, float64, rows sum to 1: what a teacher believes of each class,
            for contenders with the ability ``"soft_targets"``; ``targets`` are then its likeliest
            classes. None: there is no teacher.
    """

    task: TaskSpec
    inputs: Inputs
    targets: NDArray[Any]
    soft: NDArray[np.float64] | None = None

    def __len__(self) -> int:
        """Return the number of examples."""
        return len(self.targets)

    @property
    def soft_targets(self) -> NDArray[Any]:
        """``soft`` where there is a teacher, else ``targets``: for who can learn from both."""
        return self.targets if self.soft is None else self.soft

    def take(self, positions: NDArray[np.int64] | Sequence[int]) -> Examples:
        """Return the examples at ``positions``, in that order."""
        index = np.asarray(positions, dtype=np.int64)
        soft = None if self.soft is None else self.soft[index]
        return Examples(self.task, self.inputs.take(index), self.targets[index], soft)

    @staticmethod
    def concatenate(first: Examples, second: Examples | None) -> Examples:
        """Return the examples of both (``second`` may be None: the first alone)."""
        if second is None or len(second) == 0:
            return first
        inputs = Inputs.concatenate([first.inputs, second.inputs])
        targets = np.concatenate([first.targets, second.targets])
        soft = None
        if first.soft is not None or second.soft is not None:
            soft = np.concatenate([first.as_soft(), second.as_soft()])
        return Examples(first.task, inputs, targets, soft)

    def as_soft(self) -> NDArray[np.float64]:
        """Return ``soft``, or all the mass on each row's class: ``(n, n_classes)``, float64."""
        if self.soft is not None:
            return self.soft
        return one_hot(self.targets, len(self.task.classes))


def one_hot(codes: NDArray[np.integer], n_classes: int) -> NDArray[np.float64]:
    """Return ``(n, n_classes)``, float64: 1 for each row's class, 0 elsewhere."""
    masses = np.zeros((len(codes), n_classes))
    masses[np.arange(len(codes)), codes] = 1.0
    return masses
