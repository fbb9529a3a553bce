"""Pictures as convolutions read them: each channel with mean 0 and deviation 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn

if TYPE_CHECKING:
    from numpy.typing import NDArray


class PixelScale(nn.Module):
    """Subtracts a mean from each channel and divides by a deviation; nothing here is trained.

    Args:
        channels: Of a picture: 3 for each picture column.
    """

    mean: torch.Tensor
    deviation: torch.Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.channels = channels
        self.register_buffer("mean", torch.zeros(channels))
        self.register_buffer("deviation", torch.ones(channels))

    def fit(self, pictures: NDArray[np.uint8]) -> None:
        """Take mean and deviation from training pictures: ``(n, channels, side, side)``, uint8."""
        # Counts of the 256 values: exact, and no copy of all pictures as floats.
        values = np.arange(256) / 255
        for channel in range(self.channels):
            counts = np.bincount(pictures[:, channel].ravel(), minlength=256)
            mean = float(np.average(values, weights=counts))
            deviation = float(np.sqrt(np.average((values - mean) ** 2, weights=counts)))
            self.mean[channel] = mean
            self.deviation[channel] = deviation if deviation > 0 else 1.0

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """Return the pictures scaled: ``(n, channels, side, side)``, both ways."""
        scaled = (pictures - self.mean[:, None, None]) / self.deviation[:, None, None]
        # A pixel's channels side by side in memory: so convolutions are fastest.
        return scaled.contiguous(memory_format=torch.channels_last)


class PixelNet(nn.Module):
    """A net that reads ``(n, channels, side, side)`` pictures and begins by scaling them.

    Args:
        channels: Of the pictures.
    """

    autocast = True
    """It gains from bf16 where the processor has it (see `training.precision`)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.pixels = PixelScale(channels)
