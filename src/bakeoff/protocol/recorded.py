"""Answers that were paid for, as a part of a cascade, stack or vote: read, never asked again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.parquet as pq

from bakeoff.contenders.base import Fitted
from bakeoff.core.errors import ContenderError
from bakeoff.protocol import grid
from bakeoff.results.records import Cell
from bakeoff.tasks.predictions import NOT_ASKED, Predictions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from bakeoff.contenders.base import Context
    from bakeoff.data.inputs import Inputs
    from bakeoff.protocol.work import Work
    from bakeoff.tasks.spec import TaskSpec


@dataclass(frozen=True, slots=True)
class Recorded(Fitted):
    """A paid contender's answers to the rows that it was asked on.

    So many calls are made as the pass of the contender alone makes, whatever uses its answers.

    Args:
        task: What is predicted.
        answers: Sorted by row id.
        real: Returns the contender itself, which is what is kept with a saved model.
    """

    task: TaskSpec
    answers: Predictions
    real: Callable[[], Fitted]

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Return the answers; rows that were not asked have none."""
        del context
        known = self.answers.ids
        there = np.isin(inputs.ids, known)
        found = self.answers.take(np.searchsorted(known, inputs.ids[there]))
        parts = [found, self._nothing(inputs.ids[~there])]
        order = np.concatenate([np.flatnonzero(there), np.flatnonzero(~there)])
        return Predictions.concatenate(parts).take(np.argsort(order))

    def save(self, folder: Path) -> None:
        """Keep the contender that gave the answers."""
        self.real().save(folder)

    def _nothing(self, ids: NDArray[np.int64]) -> Predictions:
        status = [NOT_ASKED] * len(ids)
        if not self.task.classes:
            return Predictions.of_numbers(ids, np.full(len(ids), np.nan), status=status)
        uniform = np.full((len(ids), len(self.task.classes)), 1 / len(self.task.classes))
        none = np.full(len(ids), -1)
        return Predictions.of_labels(ids, none, uniform, status=status)


def recorded_answers(work: Work, name: str) -> Predictions:
    """Return the answers that a paid contender has given, sorted by row id.

    Raises:
        ContenderError: It has given none.
    """
    path = work.folder.cell_file(Cell(name, grid.PASS, 0, 0, 0))
    if not path.is_file():
        raise ContenderError(f"its part '{name}' has given no answers (see its own row)")
    return Predictions(pq.read_table(path))
