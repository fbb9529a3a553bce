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
    """

    task: TaskSpec
    inputs: Inputs
    targets: NDArray[Any]

    def __len__(self) -> int:
        """Return the number of examples."""
        return len(self.targets)

    def take(self, positions: NDArray[np.int64] | Sequence[int]) -> Examples:
        """Return the examples at ``positions``, in that order."""
        index = np.asarray(positions, dtype=np.int64)
        return Examples(self.task, self.inputs.take(index), self.targets[index])

    @staticmethod
    def concatenate(first: Examples, second: Examples | None) -> Examples:
        """Return the examples of both (``second`` may be None: the first alone)."""
        if second is None or len(second) == 0:
            return first
        import pyarrow as pa

        inputs = Inputs(
            np.concatenate([first.inputs.ids, second.inputs.ids]),
            pa.concat_tables([first.inputs.table, second.inputs.table]),
            first.inputs.columns,
            first.inputs.side,
        )
        targets = np.concatenate([first.targets, second.targets])
        return Examples(first.task, inputs, targets)
