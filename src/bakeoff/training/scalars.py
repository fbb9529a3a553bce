"""Curves for TensorBoard, where the user asks for them: ``BAKEOFF_TENSORBOARD=FOLDER``."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from bakeoff.core.extras import require

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter

FOLDER = "BAKEOFF_TENSORBOARD"
"""Environment variable that names the folder."""


class Scalars:
    """Writes one fit's curves.

    Args:
        writer: TensorBoard's own.
    """

    def __init__(self, writer: SummaryWriter) -> None:
        self._writer = writer

    def step(self, step: int, loss: float, rate: float, norm: float) -> None:
        """Write what a step brought: loss, learning rate, norm of the gradient before clipping."""
        named = {"train_loss": loss, "learning_rate": rate, "gradient_norm": norm}
        for name, value in named.items():
            self._writer.add_scalar(name, value, step)

    def epoch(self, step: int, valid_loss: float) -> None:
        """Write the validation loss at the step at which an epoch ended."""
        self._writer.add_scalar("valid_loss", valid_loss, step)

    def close(self) -> None:
        """Write what is still in memory."""
        self._writer.close()


def open_scalars(key: str, seed: int, step: int) -> Scalars | None:
    """Return what writes a fit's curves into a folder of its own; None if none were asked for.

    Args:
        key: Of the fit.
        seed: Of the fit.
        step: Steps done; what a stopped fit wrote beyond them is hidden.

    Raises:
        MissingExtraError: The package ``tensorboard`` is not installed.
    """
    named = os.environ.get(FOLDER)
    if not named:
        return None
    require("tensorboard", extra="tensorboard", needed_by=f"writing curves ({FOLDER})")
    from torch.utils.tensorboard import SummaryWriter

    name = re.sub(r"[^\w.=@+-]+", "_", key)[:80]
    folder = Path(named) / f"{name}-seed{seed}"
    return Scalars(SummaryWriter(folder, purge_step=step or None))
