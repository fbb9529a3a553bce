"""How a net is trained: everything that a fit may choose, in counts and never in seconds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bakeoff.core.errors import UsageError, did_you_mean
from bakeoff.training.augment_spec import parse_augment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OPTIMISERS = ("adam", "adamw", "gradient-descent", "momentum", "muon", "sgd")
"""Made in `training.optimisers`; named here, so that a recipe is checked without torch."""
CLASS_WEIGHTS = ("none", "balanced")
PRECISIONS = ("auto", "fp32", "bf16")
SCHEDULES = ("cosine", "trapezoid")
"""Made in `training.schedule`."""
UPDATE_RATE = 0.3
"""A net that goes on from weights it has learned does so at this share of its rate."""
_LEAST_ONE = ("epochs", "batch_tokens", "batch_rows", "accumulate", "patience")
_SHARES = {"warmup": 1.0, "label_smoothing": 0.99}
"""Field -> its largest value; the smallest is 0."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Settings of one training run.

    Args:
        epochs: Passes over the training rows, at most.
        learning_rate: Peak of the schedule.
        batch_tokens: Tokens of a batch, padding included (for rows of one fixed size a row counts
            as one token: `batch_rows` decides alone).
        batch_rows: Rows of a batch, at most.
        accumulate: Batches of a step, whose gradients are added up.
        optimiser: Of `OPTIMISERS`; ``"gradient-descent"`` makes one step an epoch, with the
            gradient of all rows.
        weight_decay: Of weight matrices; biases, norms and embeddings are spared.
        clip: Largest norm of the gradient; longer ones are scaled down. 0: none is.
        warmup: Share of all steps over which the rate rises to its peak.
        schedule: Of `SCHEDULES`: how it falls afterwards.
        patience: Epochs without a better validation loss after which training ends.
        label_smoothing: Share of the target's mass spread over all classes.
        class_weights: ``"none"`` or ``"balanced"`` (a class counts inversely to its rows).
        augment: Names and strengths of augmentations: ``"token-dropout=0.1,swap=0.05"``.
        precision: ``"auto"`` (bf16 where the net is made for it and a probe shows a gain),
            ``"fp32"`` or ``"bf16"``.
        head_rate_factor: How many times the learning rate weights learn whose name begins with
            ``head.``: a fresh head on a pretrained net may go faster.
    """

    epochs: int = 10
    learning_rate: float = 1e-3
    batch_tokens: int = 4096
    batch_rows: int = 32
    accumulate: int = 1
    optimiser: str = "adamw"
    weight_decay: float = 0.01
    clip: float = 1.0
    warmup: float = 0.1
    schedule: str = "cosine"
    patience: int = 3
    label_smoothing: float = 0.0
    class_weights: str = "none"
    augment: str = ""
    precision: str = "auto"
    head_rate_factor: float = 1.0

    def __post_init__(self) -> None:
        """Check every value.

        Raises:
            UsageError: A value is not allowed: field, what was got, what is allowed.
        """
        for field in _LEAST_ONE:
            _check(field, value := getattr(self, field), value >= 1, "at least 1")
        for field in ("learning_rate", "head_rate_factor"):
            _check(field, value := getattr(self, field), 0 < value < math.inf, "above 0")
        for field in ("weight_decay", "clip"):
            _check(field, value := getattr(self, field), 0 <= value < math.inf, "at least 0")
        for field, most in _SHARES.items():
            allowed = f"from 0 to {most:g}"
            _check(field, value := getattr(self, field), 0 <= value <= most, allowed)
        _check_name("optimiser", self.optimiser, OPTIMISERS)
        _check_name("class_weights", self.class_weights, CLASS_WEIGHTS)
        _check_name("precision", self.precision, PRECISIONS)
        _check_name("schedule", self.schedule, SCHEDULES)
        parse_augment(self.augment)


class RecipeSettings(Protocol):
    """Settings of a contender that trains a net; others that a recipe has go by its names."""

    @property
    def epochs(self) -> int:
        """Passes over the rows where there are rows enough."""

    @property
    def least_steps(self) -> int:
        """Steps that a fit makes at least."""

    @property
    def patience(self) -> int | None:
        """For the usual number of passes; None: never stop early."""

    @property
    def batch_rows(self) -> int:
        """Rows of a step."""


_BY_NAME = frozenset(
    {"learning_rate", "head_rate_factor", "optimiser", "weight_decay", "warmup", "batch_rows"}
    | {"label_smoothing", "class_weights", "precision"}
)
"""Fields of a recipe that a contender's settings of the same name decide."""


def recipe_of(settings: RecipeSettings, n_rows: int, epochs: int | None) -> Recipe:
    """Return how a net is trained on so many rows.

    Args:
        settings: Of the contender.
        n_rows: To learn from.
        epochs: Of the budget; None: what the settings say. With more passes than usual the
            patience grows as much.

    Raises:
        UsageError: A setting is out of its range.
    """
    if epochs is None:
        epochs = epochs_needed(n_rows, settings.epochs, settings.least_steps, settings.batch_rows)
    longer = max(1.0, epochs / max(1, settings.epochs))
    patience = epochs if settings.patience is None else math.ceil(settings.patience * longer)
    named = {name: getattr(settings, name) for name in _BY_NAME if hasattr(settings, name)}
    return Recipe(epochs=epochs, patience=patience, **named)


def epochs_needed(rows: int, epochs: int, least_steps: int, batch_rows: int) -> int:
    """Return ``epochs``, or more where so few passes over the rows have too few steps.

    Args:
        rows: To learn from.
        epochs: Passes where there are rows enough.
        least_steps: Steps that a fit makes at least.
        batch_rows: Rows of a step.
    """
    steps_per_epoch = math.ceil(max(rows, 1) / max(batch_rows, 1))
    return max(epochs, math.ceil(least_steps / steps_per_epoch))


def _check(field: str, value: float, fits: bool, allowed: str) -> None:
    if not fits:
        raise UsageError(f"the recipe's {field} is {value:g}", why=f"it must be {allowed}")


def _check_name(field: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise UsageError(f"the recipe's {field} is '{value}'", fix=did_you_mean(value, known))


class TrainingContext(Protocol):
    """What the loop asks of its surroundings; `contenders.base.Context` fits it as it is."""

    @property
    def seed(self) -> int:
        """For everything random."""

    @property
    def device(self) -> str:
        """``"auto"``, ``"cpu"`` or another torch device."""

    @property
    def threads(self) -> int:
        """Threads that the loop may use."""

    @property
    def scratch(self) -> Path:
        """Where checkpoints lie; what a killed fit left there is taken up again."""

    @property
    def log(self) -> Callable[[str], None]:
        """Takes one line of progress."""

    @property
    def note(self) -> Callable[[str], None]:
        """Takes one line that a reader of the result must know."""
