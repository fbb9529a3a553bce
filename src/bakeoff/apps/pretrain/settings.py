"""What a pre-training is asked for; all of it decides the result, and is checked first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bakeoff.core.errors import UsageError, did_you_mean
from bakeoff.models.pretraining.build import OBJECTIVES, shape_of
from bakeoff.models.pretraining.tokenisers import LEAST_VOCABULARY
from bakeoff.training.recipe import Recipe

if TYPE_CHECKING:
    from bakeoff.models.pretraining.build import Shape

SPLITS = ("auto", "blank-lines", "lines", "files")
_LEAST_LENGTH = 16
_MOST_HELD_OUT = 0.5


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of one pre-training.

    Args:
        sources: Text files, tables, or ``hub:NAME[:CONFIG]``.
        objective: Of `models.pretraining.build.OBJECTIVES`.
        column: Of tables and hub sets; empty: ``text``, or the only one.
        split: Where a document of a text file ends, of `SPLITS`.
        documents: Documents that are read at most.
        vocabulary: Tokens at most.
        tokenizer: Folder of one that is there already; empty: one is trained.
        begin_from: Folder of a checkpoint to go on from; empty: random weights.
        size: Of `models.pretraining.build.SIZES`.
        layers: In place of the size's own.
        width: In place of the size's own.
        heads: In place of the size's own.
        length: Tokens of a row.
        dropout: Share of the states that is left out while learning.
        epochs: Passes over the text.
        batch_rows: Rows of a batch.
        accumulate: Batches of a step.
        learning_rate: Peak of the schedule; None: by the width.
        optimiser: ``"adamw"`` or ``"muon"``.
        schedule: ``"cosine"`` or ``"trapezoid"``.
        warmup: Share of the steps over which the rate rises.
        weight_decay: Of weight matrices.
        precision: ``"auto"``, ``"fp32"`` or ``"bf16"``.
        held_out: Share of the documents that is not learned from.
        seed: Of everything random.
    """

    sources: tuple[str, ...]
    objective: str
    column: str = ""
    split: str = "auto"
    documents: int | None = None
    vocabulary: int = 8000
    tokenizer: str = ""
    begin_from: str = ""
    size: str = "tiny"
    layers: int | None = None
    width: int | None = None
    heads: int | None = None
    length: int = 128
    dropout: float = 0.0
    epochs: int = 3
    batch_rows: int = 32
    accumulate: int = 1
    learning_rate: float | None = None
    optimiser: str = "adamw"
    schedule: str = "cosine"
    warmup: float = 0.05
    weight_decay: float = 0.01
    precision: str = "auto"
    held_out: float = 0.05
    seed: int = 0

    def __post_init__(self) -> None:
        """Check what belongs to no recipe and no shape.

        Raises:
            UsageError: A setting is not allowed: which, what was got, what is allowed.
        """
        _known("objective", self.objective, tuple(OBJECTIVES))
        _known("split", self.split, SPLITS)
        if not self.sources:
            raise UsageError("there is no text", fix="name a file: bakeoff pretrain my_text.txt")
        _least("vocabulary", self.vocabulary, LEAST_VOCABULARY)
        _least("length", self.length, _LEAST_LENGTH)
        if self.documents is not None:
            _least("documents", self.documents, 1)
        for name, value, most in (
            ("held-out", self.held_out, _MOST_HELD_OUT),
            ("dropout", self.dropout, 0.9),
        ):
            if not 0 <= value <= most:
                raise UsageError(f"--{name} is {value:g}", why=f"it is a share, from 0 to {most:g}")
        if self.begin_from and (self.tokenizer or self.layers or self.width or self.heads):
            raise UsageError(
                "--from brings its own tokenizer and shape",
                fix="leave --tokenizer, --layers, --width and --heads out",
            )
        self.shape()
        self.recipe()

    def shape(self) -> Shape:
        """Return how large a new model is.

        Raises:
            UsageError: There is no such size, or its numbers do not fit together.
        """
        return shape_of(self.size, self.layers, self.width, self.heads)

    def recipe(self) -> Recipe:
        """Return how it is trained.

        Raises:
            UsageError: A value is not allowed.
        """
        rate = self.learning_rate
        if rate is None:
            rate = 1e-3 if self.shape().width <= 256 and not self.begin_from else 4e-4
        return Recipe(
            epochs=self.epochs,
            patience=max(1, self.epochs),
            learning_rate=rate,
            batch_rows=self.batch_rows,
            batch_tokens=max(1, self.batch_rows * self.length),
            accumulate=self.accumulate,
            optimiser=self.optimiser,
            schedule=self.schedule,
            warmup=self.warmup,
            weight_decay=self.weight_decay,
            precision=self.precision,
        )


def _known(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise UsageError(f"no --{name} '{value}'", fix=did_you_mean(value, known))


def _least(name: str, value: int, least: int) -> None:
    if value < least:
        raise UsageError(f"--{name} is {value}", why=f"it must be at least {least}")
