"""What nets on pixels share: scaled channels, and norms that know nothing of other pictures."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn

if TYPE_CHECKING:
    from numpy.typing import NDArray

_GROUP_FILTERS = 16


def group_norm(filters: int) -> nn.GroupNorm:
    """Return a layer that gives each group of 16 filters mean 0 and deviation 1 in each picture.

    Unlike batch normalisation (Ioffe and Szegedy 2015) it looks at one picture at a time: a batch
    may hold a single row or be cut in two for want of memory, and learning and predicting are the
    same computation. 16 filters a group is what Wu and He 2018, 'Group Normalization', found best
    (table 3); on a CPU, groups of 8 or 4 take five to nine times as long in bf16 (measured), and
    these no longer than batch normalisation.
    """
    return nn.GroupNorm(filters // math.gcd(filters, _GROUP_FILTERS), filters)


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
