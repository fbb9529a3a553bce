"""How a net is trained: everything that a fit may choose, in counts and never in seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Recipe:
    """Settings of one training run.

    Args:
        epochs: Passes over the training rows, at most.
        learning_rate: Peak of the schedule.
        batch_tokens: Tokens of a batch, padding included (for rows of one fixed size a row counts
            as one token: `batch_rows` decides alone).
        batch_rows: Rows of a batch, at most.
        optimiser: Name in `training.optimisers`.
        weight_decay: Of weight matrices; biases, norms and embeddings are spared.
        clip: Largest norm of the gradient; longer ones are scaled down.
        warmup: Share of all steps over which the rate rises to its peak; then it falls as a cosine.
        patience: Epochs without a better validation loss after which training ends.
        label_smoothing: Share of the target's mass spread over all classes.
        class_weights: ``"none"`` or ``"balanced"`` (a class counts inversely to its rows).
        augment: Names and strengths of augmentations: ``"token-dropout=0.1,swap=0.05"``.
        precision: ``"auto"`` (bf16 where a probe shows a gain), ``"fp32"`` or ``"bf16"``.
    """

    epochs: int = 10
    learning_rate: float = 1e-3
    batch_tokens: int = 4096
    batch_rows: int = 32
    optimiser: str = "adamw"
    weight_decay: float = 0.01
    clip: float = 1.0
    warmup: float = 0.1
    patience: int = 3
    label_smoothing: float = 0.0
    class_weights: str = "none"
    augment: str = ""
    precision: str = "auto"


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
