"""A language model that counts: Kneser-Ney over the bytes of a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from bakeoff.contenders.base import Card, Contender, Facts, Fitted
from bakeoff.contenders.running_text import text_to_learn
from bakeoff.core.errors import UsageError, did_you_mean
from bakeoff.core.seeds import generator
from bakeoff.data.columns import ColumnType
from bakeoff.models.byte_text import N_BYTES, byte_sequences, written
from bakeoff.models.kneser_ney import KneserNey
from bakeoff.models.state import load_state, save_state
from bakeoff.tasks.examples import Examples
from bakeoff.tasks.predictions import Predictions

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from bakeoff.contenders.base import Context
    from bakeoff.data.inputs import Inputs
    from bakeoff.tasks.spec import TaskSpec

SMOOTHINGS = ("modified", "interpolated")
ONE_DISCOUNT = 0.75
"""Of the interpolated smoothing; the usual value (Chen and Goodman 1998 find .7 to .9 best)."""


@dataclass(frozen=True)
class ByteNgram(Contender):
    """Every byte from those before it, by interpolated Kneser-Ney counts.

    Args:
        order: Longest n-gram, in bytes.
        smoothing: ``"modified"`` (three discounts for each order, from the counts of counts) or
            ``"interpolated"`` (one discount of .75 for all).
    """

    card: ClassVar[Card] = Card(
        name="byte-ngram",
        title="n-gram of bytes",
        family="ngram",
        summary="language model: counts of n bytes, Kneser-Ney smoothing",
        kinds=frozenset({"language-modelling"}),
        reads=frozenset({ColumnType.TEXT}),
        needs=frozenset({ColumnType.TEXT}),
        abilities=frozenset({"samples", "stepwise"}),
        rank=1,
        source="Chen and Goodman 1998, 'An Empirical Study of Smoothing Techniques'",
        seconds_per_1000=0.7,
    )

    order: int = 6
    smoothing: str = "modified"

    def __post_init__(self) -> None:
        """Check the settings.

        Raises:
            UsageError: A value is not allowed.
        """
        if self.order < 1:
            raise UsageError(f"'byte-ngram' has an order of {self.order}", why="at least 1")
        if self.smoothing not in SMOOTHINGS:
            raise UsageError(
                f"'byte-ngram' knows no smoothing '{self.smoothing}'",
                fix=did_you_mean(self.smoothing, SMOOTHINGS),
            )

    def fit(self, train: Examples, valid: Examples | None, context: Context) -> ByteNgramFitted:
        """Count the n-grams of both parts.

        Raises:
            ContenderError: There is no text.
        """
        del context
        inputs = Examples.concatenate(train, valid).inputs
        column, texts = text_to_learn(inputs)
        one = (ONE_DISCOUNT,) * 3
        model = KneserNey.fit(
            byte_sequences(texts),
            np.zeros(len(inputs), dtype=np.int64),
            order=self.order,
            n_symbols=N_BYTES,
            n_classes=1,
            ends=False,
            discounts=None if self.smoothing == "modified" else [one] * self.order,
        )
        return ByteNgramFitted(column, model)

    def load(self, folder: Path, task: TaskSpec) -> ByteNgramFitted:
        """Read back what `ByteNgramFitted.save` wrote."""
        del task
        state = load_state(folder)
        return ByteNgramFitted(
            state.texts("columns")[0], KneserNey.of_arrays(state.arrays, "model")
        )


@dataclass(frozen=True, slots=True)
class ByteNgramFitted(Fitted):
    """Counts of bytes, and the column they are of."""

    column: str
    model: KneserNey

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Return the nats of each text."""
        del context
        logs = self.model.log_likelihoods(byte_sequences(inputs.texts(self.column)))
        return Predictions.of_nats(inputs.ids, -logs[:, 0])

    def write(self, characters: int, context: Context) -> str:
        """Return a text drawn from the model."""

        def next_shares(so_far: NDArray[np.int64]) -> NDArray[np.float64]:
            return self.model.next_probabilities(so_far)[:, 0]

        return written(next_shares, characters, generator(context.seed, "sample"))

    def facts(self) -> Facts:
        """Return the numbers that it keeps."""
        kept = sum(len(table.grams) + len(table.contexts) for table in self.model.tables)
        return Facts(parameters=kept, trained_parameters=kept)

    def save(self, folder: Path) -> None:
        """Write the tables."""
        save_state(folder, {"columns": [self.column]}, self.model.arrays("model"))
