"""``vote:A+B+C``: the mean of what the parts predict, each with the same weight."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from bakeoff.contenders.base import Card, Contender, Fitted, parse_settings
from bakeoff.contenders.combined.outputs import beliefs, spread, total_usage
from bakeoff.contenders.combined.parts import (
    Combined,
    fit_part,
    load_parts,
    parse_parts,
    save_parts,
)
from bakeoff.contenders.registry import join_parts
from bakeoff.core.errors import UsageError
from bakeoff.tasks.predictions import Predictions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from bakeoff.contenders.base import Context
    from bakeoff.contenders.combined.parts import FittedPart
    from bakeoff.data.inputs import Inputs
    from bakeoff.tasks.examples import Examples
    from bakeoff.tasks.spec import TaskSpec


@dataclass(frozen=True)
class Vote(Combined):
    """Averages its parts; a part without a prediction for a row is left out there.

    Classes: the mean of the probabilities if all parts give them, else the label with the most
    votes (of equals, the one that the earlier part named), sure by its share of the votes.
    Numbers: mean or median, sure by how little they differ.

    Args:
        members: Two parts or more.
        how: ``"mean"`` or ``"median"``, for numbers.
    """

    card: ClassVar[Card] = Card(
        name="vote",
        title="vote",
        seconds_per_1000=0,
        family="combined",
        summary="The mean of what its parts predict",
        kinds=frozenset({"classification", "regression"}),
        abilities=frozenset({"confidence"}),
        rank=1,
        source="Kittler et al. (1998), On combining classifiers",
    )

    members: tuple[Contender, ...]
    how: str = "mean"

    def __post_init__(self) -> None:
        if self.how not in ("mean", "median"):
            raise UsageError(f"vote@how={self.how}", why="it is 'mean' or 'median'")
        super().__post_init__()

    def own_card(self) -> Card:
        """Return the card; probabilities are given if all parts give them."""
        card = super().own_card()
        abilities = [part.card.abilities for part in self.members]
        shared = frozenset.intersection(*abilities) & {"probabilities"}
        learns = any(part.card.learns for part in self.members)
        return replace(card, abilities=card.abilities | shared, learns=learns)

    @classmethod
    def from_spec(
        cls, argument: str, settings: Mapping[str, str], make: Callable[[str], Contender]
    ) -> Contender:
        """Make ``vote:A+B``.

        Raises:
            UsageError: There are fewer than two parts, or a setting is unknown.
        """
        return cls(parse_parts("vote", argument, make), **parse_settings(cls, settings))

    def argument(self) -> str:
        """Return ``A+B``."""
        return join_parts((part.name for part in self.members), "+")

    def parts(self) -> tuple[Contender, ...]:
        """Return the members."""
        return self.members

    def fit(self, train: Examples, valid: Examples | None, context: Context) -> FittedVote:
        """Fit every part on the same rows.

        Raises:
            ContenderError: A part cannot be fitted with these rows.
        """
        parts = tuple(fit_part(part, train, valid, context) for part in self.members)
        return FittedVote(parts, train.task, self.how)

    def load(self, folder: Path, task: TaskSpec) -> FittedVote:
        """Read back the parts."""
        return FittedVote(load_parts(folder, len(self.members)), task, self.how)


@dataclass(frozen=True, slots=True)
class FittedVote(Fitted):
    """The fitted parts and how they are averaged."""

    parts: tuple[FittedPart, ...]
    task: TaskSpec
    how: str

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Return the average of the parts' predictions."""
        votes = [part.predict(inputs, context) for part in self.parts]
        usage = total_usage([vote.usage for vote in votes])
        if not self.task.classes:
            numbers = np.column_stack([vote.values for vote in votes])
            values = average(numbers, self.how)
            return Predictions.of_numbers(
                inputs.ids, values, confidence=-spread(numbers), usage=usage
            )
        if all(vote.probabilities is not None for vote in votes):
            probabilities = mean_beliefs(votes, len(self.task.classes))
            codes = probabilities.argmax(axis=1)
            codes[np.all([vote.is_missing for vote in votes], axis=0)] = -1
            return Predictions.of_labels(inputs.ids, codes, probabilities, usage=usage)
        codes, share = most_votes(votes, len(self.task.classes))
        return Predictions.of_labels(inputs.ids, codes, confidence=share, usage=usage)

    def save(self, folder: Path) -> None:
        """Write each part into a subfolder."""
        save_parts(self.parts, folder)


def average(values: NDArray[np.float64], how: str) -> NDArray[np.float64]:
    """Return the mean or median of each row of ``(n, m)``, NaN left out; NaN where all are."""
    known = (~np.isnan(values)).any(axis=1)
    result = np.full(len(values), np.nan)
    result[known] = (np.nanmedian if how == "median" else np.nanmean)(values[known], axis=1)
    return result


def mean_beliefs(votes: Sequence[Predictions], n_classes: int) -> NDArray[np.float64]:
    """Return the mean of the probabilities of those that predict a row: ``(n, n_classes)``."""
    present = np.array([~vote.is_missing for vote in votes], dtype=np.float64)
    present[:, present.sum(axis=0) == 0] = 1.0
    weighted = present[:, :, None] * np.array([beliefs(vote, n_classes) for vote in votes])
    total: NDArray[np.float64] = weighted.sum(axis=0) / present.sum(axis=0)[:, None]
    return total


def most_votes(
    votes: Sequence[Predictions], n_classes: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the label with the most votes (-1: nobody votes), and its share of them."""
    n = len(votes[0])
    counts = np.zeros((n, n_classes))
    for order, vote in enumerate(votes):
        rows = np.flatnonzero(~vote.is_missing)
        # A vote weighs a little less the later it comes: enough to settle ties, nothing else.
        counts[rows, vote.codes[rows]] += 1 - 1e-6 * order
    cast = np.sum([~vote.is_missing for vote in votes], axis=0)
    codes = np.where(cast > 0, counts.argmax(axis=1), -1)
    share = np.full(n, np.nan)
    np.divide(np.round(counts.max(axis=1)), cast, out=share, where=cast > 0)
    return codes, share
