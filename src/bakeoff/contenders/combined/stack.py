"""``stack:A+B``: a small model learns from inner folds how much to trust each part."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from bakeoff.contenders.base import Card, Contender, Fitted, parse_settings
from bakeoff.contenders.combined.heads import (
    OpinionPool,
    WeightedSum,
    fit_opinion_pool,
    fit_weighted_sum,
)
from bakeoff.contenders.combined.inner import out_of_fold
from bakeoff.contenders.combined.outputs import beliefs, spread, total_usage
from bakeoff.contenders.combined.parts import (
    Combined,
    fit_part,
    load_parts,
    parse_parts,
    save_parts,
)
from bakeoff.contenders.registry import join_parts
from bakeoff.core.errors import ContenderError
from bakeoff.core.files import write_atomic
from bakeoff.tasks.examples import Examples
from bakeoff.tasks.predictions import Predictions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from bakeoff.contenders.base import Context
    from bakeoff.contenders.combined.parts import FittedPart
    from bakeoff.data.inputs import Inputs
    from bakeoff.tasks.spec import TaskSpec


@dataclass(frozen=True)
class Stack(Combined):
    """Weighs its parts by a head that was fitted on their inner out-of-fold predictions.

    Wolpert (1992), "Stacked generalization". Classes: a logistic head over log-probabilities (a
    part that gives labels only is taken at .9). Numbers: a ridge head. The parts themselves are
    then fitted on all training rows.

    Args:
        members: Two parts or more.
    """

    card: ClassVar[Card] = Card(
        name="stack",
        title="stack",
        seconds_per_1000=0,
        family="combined",
        summary="A small model learns from inner folds how much to trust each part",
        kinds=frozenset({"classification", "regression"}),
        abilities=frozenset({"confidence", "probabilities"}),
        rank=2,
        source="Wolpert (1992), Stacked generalization",
    )

    members: tuple[Contender, ...]

    @classmethod
    def from_spec(
        cls, argument: str, settings: Mapping[str, str], make: Callable[[str], Contender]
    ) -> Contender:
        """Make ``stack:A+B``.

        Raises:
            UsageError: There are fewer than two parts, or a setting is given.
        """
        return cls(parse_parts("stack", argument, make), **parse_settings(cls, settings))

    def argument(self) -> str:
        """Return ``A+B``."""
        return join_parts((part.name for part in self.members), "+")

    def parts(self) -> tuple[Contender, ...]:
        """Return the members."""
        return self.members

    def fit(self, train: Examples, valid: Examples | None, context: Context) -> FittedStack:
        """Fit the head on inner out-of-fold predictions, then every part on all rows.

        Raises:
            ContenderError: A part predicts none of the training rows, or all rows are alike.
        """
        seen = [out_of_fold(part, train, valid, context) for part in self.members]
        for part, predictions in zip(self.members, seen, strict=True):
            if predictions.is_missing.all():
                raise ContenderError(
                    f"'{part.name}' predicts no training row, so a stack cannot weigh it; "
                    f"write vote: instead of stack:"
                )
        head: OpinionPool | WeightedSum
        if train.task.classes:
            codes = np.arange(len(train.task.classes))
            known = np.isin(codes, Examples.concatenate(train, valid).targets)
            head = fit_opinion_pool(_opinions(seen, len(codes)), train.targets, known)
        else:
            head = fit_weighted_sum(_numbers(seen), train.targets)
        parts = tuple(fit_part(part, train, valid, context) for part in self.members)
        return FittedStack(parts, train.task, head)

    def load(self, folder: Path, task: TaskSpec) -> FittedStack:
        """Read back the parts and the head."""
        content = json.loads((folder / "stack.json").read_bytes())
        weights = np.array(content["weights"], dtype=np.float64)
        head: OpinionPool | WeightedSum = (
            OpinionPool(weights, np.array([-math.inf if b is None else b for b in content["bias"]]))
            if task.classes
            else WeightedSum(weights, content["offset"])
        )
        return FittedStack(load_parts(folder, len(self.members)), task, head)


@dataclass(frozen=True, slots=True)
class FittedStack(Fitted):
    """The parts, and the head that weighs them."""

    parts: tuple[FittedPart, ...]
    task: TaskSpec
    head: OpinionPool | WeightedSum

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Return the head's predictions; missing where every part's is."""
        votes = [part.predict(inputs, context) for part in self.parts]
        usage = total_usage([vote.usage for vote in votes])
        if isinstance(self.head, WeightedSum):
            numbers = _numbers(votes)
            values = self.head.values(numbers)
            return Predictions.of_numbers(
                inputs.ids, values, confidence=-spread(numbers), usage=usage
            )
        probabilities = self.head.probabilities(_opinions(votes, len(self.task.classes)))
        codes = probabilities.argmax(axis=1)
        codes[np.all([vote.is_missing for vote in votes], axis=0)] = -1
        return Predictions.of_labels(inputs.ids, codes, probabilities, usage=usage)

    def save(self, folder: Path) -> None:
        """Write each part into a subfolder, and the head's few numbers."""
        save_parts(self.parts, folder)
        content: dict[str, object] = {"weights": self.head.weights.tolist()}
        if isinstance(self.head, OpinionPool):
            # JSON has no minus infinity, which is the bias of a class that was never seen.
            content["bias"] = [b if b > -math.inf else None for b in self.head.bias.tolist()]
        else:
            content["offset"] = self.head.offset
        write_atomic(folder / "stack.json", json.dumps(content).encode())


def _opinions(votes: Sequence[Predictions], n_classes: int) -> NDArray[np.float64]:
    """Return ``(n, n_parts, n_classes)`` probabilities."""
    return np.stack([beliefs(vote, n_classes) for vote in votes], axis=1)


def _numbers(votes: Sequence[Predictions]) -> NDArray[np.float64]:
    """Return ``(n, n_parts)`` numbers, NaN where missing."""
    return np.column_stack([vote.values for vote in votes])
