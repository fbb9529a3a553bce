"""Language modelling: how unlikely a model finds each text; the input is the answer."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bakeoff.metrics.base import Pairs
from bakeoff.tasks.kind import TaskKind
from bakeoff.tasks.numbers import read_numbers
from bakeoff.tasks.splitting import Contiguous, SplitRule

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bakeoff.tasks.predictions import Predictions
    from bakeoff.tasks.spec import TaskSpec

LANGUAGE_MODELLING = "language-modelling"
"""Name of the kind, for those who treat it apart."""


class LanguageModelling(TaskKind):
    """Targets are the texts themselves, as objects; predictions have ``nats``.

    ``nats`` of a text is minus the natural logarithm of the probability that a stream of text goes
    on with it from a fresh start; where it ends is not predicted. The probabilities of all texts of
    one length therefore sum to 1 at most, and no text is impossible.
    """

    name: ClassVar[str] = LANGUAGE_MODELLING
    metrics: ClassVar[tuple[str, ...]] = ("bits_per_byte", "word_perplexity")

    def targets(self, column: pa.ChunkedArray, classes: tuple[str, ...]) -> NDArray[Any]:  # noqa: ARG002 - the seam's signature
        """Return the texts, ``""`` where missing."""
        texts = pc.fill_null(column.cast(pa.large_string()), "").to_pylist()
        found = np.empty(len(texts), dtype=object)
        found[:] = texts
        return found

    def pairs(self, task: TaskSpec, targets: NDArray[Any], predictions: Predictions) -> Pairs:  # noqa: ARG002 - the seam's signature
        """Return texts and nats."""
        return Pairs(targets, predictions.nats)

    def split_rule(self) -> SplitRule:
        """Return the rule of contiguous stretches."""
        return Contiguous()

    def display(self, task: TaskSpec, predictions: Predictions) -> list[str]:  # noqa: ARG002 - the seam's signature
        """Return the nats with four significant digits."""
        return ["" if math.isnan(nats) else f"{nats:.4g}" for nats in predictions.nats]

    def display_targets(self, task: TaskSpec, targets: NDArray[Any]) -> list[str]:  # noqa: ARG002 - the seam's signature
        """Return the texts."""
        return [str(text) for text in targets]

    def answers(
        self, task: TaskSpec, texts: list[str | None]
    ) -> tuple[NDArray[np.float64], list[str | None]]:
        """Read nats; what is not a finite number of at least 0 is ``"outside"``."""
        del task
        return read_numbers(texts, least=0.0)
