"""What goes into training and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch
    from torch import nn

    from bakeoff.training.rows import Rows


@dataclass(frozen=True, slots=True)
class LabelledRows:
    """Rows with their targets.

    Args:
        rows: What the net reads.
        targets: ``(n,)``: int64 class codes, or float32 numbers; ``(n, n_classes)``, float32:
            shares of classes; or ``(n, length)``, int64: a code for each place of a row, -100
            where nothing is asked.
    """

    rows: Rows
    targets: torch.Tensor


@dataclass(frozen=True, slots=True)
class Epoch:
    """What one pass over the rows brought.

    Args:
        train_loss: Mean over the rows, as they stood when each was learned from.
        valid_loss: After the pass; None without validation rows.
    """

    train_loss: float
    valid_loss: float | None

    def __str__(self) -> str:
        """Return both as a line of progress."""
        valid = "" if self.valid_loss is None else f", validation loss {self.valid_loss:.4f}"
        return f"training loss {self.train_loss:.4f}{valid}"


@dataclass(frozen=True, slots=True)
class Trained:
    """What training left behind.

    Args:
        net: On the CPU, in evaluation mode, with the weights of the best epoch.
        epochs: All epochs, in order; of the last attempt alone.
        best_epoch: From 0; the last one without validation rows.
        precision: In which it was trained: ``"fp32"`` or ``"bf16"``.
        steps: Steps of the optimiser, in all epochs.
        retries: Times that it was begun anew at a tenth of the rate, because it diverged: 0 or 1.
        micro_rows: Rows that were computed at a time once memory had run out; 0: whole batches.
    """

    net: nn.Module
    epochs: tuple[Epoch, ...]
    best_epoch: int
    precision: str
    steps: int = 0
    retries: int = 0
    micro_rows: int = 0
