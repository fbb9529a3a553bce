"""Language models that know nothing of what stands before: all bytes alike, or by frequency."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from bakeoff.contenders.base import Card, Contender, Fitted
from bakeoff.core.seeds import generator
from bakeoff.data.columns import ColumnType
from bakeoff.models.byte_text import N_BYTES, text_bytes, written
from bakeoff.models.state import load_state, save_state
from bakeoff.tasks.examples import Examples
from bakeoff.tasks.predictions import Predictions

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from bakeoff.contenders.base import Context
    from bakeoff.data.inputs import Inputs
    from bakeoff.tasks.spec import TaskSpec


@dataclass(frozen=True)
class UniformBytes(Contender):
    """Every byte is as likely as every other: 8 bits for a byte."""

    card: ClassVar[Card] = Card(
        name="uniform-bytes",
        title="all bytes alike",
        family="baselines",
        summary="language model: every byte is as likely as every other",
        kinds=frozenset({"language-modelling"}),
        reads=frozenset({ColumnType.TEXT}),
        needs=frozenset({ColumnType.TEXT}),
        abilities=frozenset({"samples", "stepwise"}),
        rank=0,
        seconds_per_1000=0.001,
    )

    def fit(self, train: Examples, valid: Examples | None, context: Context) -> FrequenciesFitted:
        """Learn nothing."""
        del valid, context
        (column,) = train.inputs.named(ColumnType.TEXT)
        return FrequenciesFitted(column, np.full(N_BYTES, 1 / N_BYTES))

    def load(self, folder: Path, task: TaskSpec) -> FrequenciesFitted:
        """Read back what `FrequenciesFitted.save` wrote."""
        del task
        return FrequenciesFitted.read(folder)


@dataclass(frozen=True)
class ByteFrequencies(Contender):
    """Every byte as often as in training, whatever stands before it; each is counted once more."""

    card: ClassVar[Card] = replace(
        UniformBytes.card,
        name="byte-frequencies",
        title="bytes by frequency",
        summary="language model: each byte as often as in training, whatever stands before",
        seconds_per_1000=0.002,
    )

    def fit(self, train: Examples, valid: Examples | None, context: Context) -> FrequenciesFitted:
        """Count the bytes of both parts."""
        del context
        inputs = Examples.concatenate(train, valid).inputs
        (column,) = inputs.named(ColumnType.TEXT)
        counts = np.ones(N_BYTES)
        for text in inputs.texts(column):
            counts += np.bincount(text_bytes(text), minlength=N_BYTES)
        return FrequenciesFitted(column, counts / counts.sum())

    def load(self, folder: Path, task: TaskSpec) -> FrequenciesFitted:
        """Read back what `FrequenciesFitted.save` wrote."""
        del task
        return FrequenciesFitted.read(folder)


@dataclass(frozen=True, slots=True)
class FrequenciesFitted(Fitted):
    """The column and ``(256,)`` shares of the bytes, float64."""

    column: str
    shares: NDArray[np.float64]

    @classmethod
    def read(cls, folder: Path) -> FrequenciesFitted:
        """Return what `save` wrote."""
        state = load_state(folder)
        shares = np.asarray(state.arrays["shares"], dtype=np.float64)
        return cls(state.texts("columns")[0], shares)

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Return the nats of each text."""
        del context
        costs = -np.log(self.shares)
        nats = [costs[text_bytes(text)].sum() for text in inputs.texts(self.column)]
        return Predictions.of_nats(inputs.ids, np.array(nats, dtype=np.float64))

    def write(self, characters: int, context: Context) -> str:
        """Return bytes drawn by their shares."""
        return written(lambda _: self.shares, characters, generator(context.seed, "sample"))

    def save(self, folder: Path) -> None:
        """Write the shares."""
        save_state(folder, {"columns": [self.column]}, {"shares": self.shares})
