"""A convolutional net for pictures: convolution, ReLU, pooling, again and again, then a layer."""

from __future__ import annotations

import torch
from torch import nn

from bakeoff.models.nets.convolution import Convolution
from bakeoff.models.nets.pixels import PixelNet

_SMALLEST_MAP = 2
_LARGE_SIDE = 40


class Cnn(PixelNet):
    """Blocks that look for patterns and halve the picture; a linear layer weighs what is left.

    A convolution slides small patterns over the picture and says how well each fits where; the
    ReLU keeps what fits; the pooling keeps the best fit of each square of four. Each block sees a
    larger part of the picture than the one before, and has twice as many patterns.

    Source: LeCun et al. 1998, 'Gradient-Based Learning Applied to Document Recognition'.

    Args:
        width: Outputs of the net.
        side: Of the pictures, in pixels; from 8.
        channels: Of the pictures.
        filters: Patterns of the first block.
        blocks: As many as this, while the picture is large enough to be halved.
        dropout: Share of the last block's values left out while training.
    """

    def __init__(
        self,
        width: int,
        *,
        side: int,
        channels: int = 3,
        filters: int = 32,
        blocks: int = 3,
        dropout: float = 0.3,
    ) -> None:
        super().__init__(channels)
        layers: list[nn.Module] = []
        for block in range(blocks):
            if block and side // 2 < _SMALLEST_MAP:
                break
            # Large pictures are halved at once, so that they cost little more than small ones.
            stride = 2 if block == 0 and side > _LARGE_SIDE else 1
            layers.append(ConvolutionBlock(channels, filters, stride))
            channels, filters, side = filters, 2 * filters, -(-side // stride) // 2
        self.blocks = nn.Sequential(*layers)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(channels * side * side, width)
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch's stub lacks it

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """Return ``(n, width)`` outputs.

        Args:
            pictures: ``(n, channels, side, side)``, float32 from 0 to 1.
        """
        maps = self.blocks(self.pixels(pictures))  # (n, filters, side / 2^blocks, the same)
        outputs: torch.Tensor = self.head(self.dropout(maps.flatten(1)))
        return outputs


class ConvolutionBlock(nn.Module):
    """Convolution, ReLU, pooling: the side is halved.

    Args:
        channels: Maps that come in.
        filters: Maps that go out.
        stride: Pixels from one place of a filter to the next.
    """

    def __init__(self, channels: int, filters: int, stride: int = 1) -> None:
        super().__init__()
        self.convolution = Convolution(channels, filters, stride=stride)
        self.pool = nn.MaxPool2d(2)

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        """Return ``(n, filters, side // 2, side // 2)`` of ``(n, channels, side, side)``."""
        pooled: torch.Tensor = self.pool(torch.relu(self.convolution(maps)))
        return pooled
