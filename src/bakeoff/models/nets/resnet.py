"""A residual net for pictures: each block adds a correction to what it is given."""

from __future__ import annotations

import torch
from torch import nn

from bakeoff.models.nets.convolution import Convolution
from bakeoff.models.nets.pixels import PixelNet

_STAGES = 3
_LARGE_SIDE = 40


class ResNet(PixelNet):
    """Three stages of residual blocks; each stage halves the side and doubles the filters.

    Since a block adds to its input, the gradient reaches every block undiminished, and a deep net
    trains as easily as a shallow one.

    Source: He et al. 2016, 'Deep Residual Learning for Image Recognition', the net of section 4.2
    for CIFAR-10; its 20 layers are ``blocks=3, filters=16``.

    Args:
        width: Outputs of the net.
        side: Of the pictures, in pixels; from 8.
        channels: Of the pictures.
        filters: Of the first stage.
        blocks: Of each stage.
        dropout: Share of the last features left out while training.
    """

    def __init__(
        self,
        width: int,
        *,
        side: int,
        channels: int = 3,
        filters: int = 32,
        blocks: int = 1,
        dropout: float = 0.0,
    ) -> None:
        super().__init__(channels)
        # Large pictures are halved at once, so that they cost little more than small ones.
        stride = 2 if side > _LARGE_SIDE else 1
        self.stem = Convolution(channels, filters, stride=stride)
        layers: list[nn.Module] = []
        coming = filters
        for stage in range(_STAGES):
            for block in range(blocks):
                first = stage > 0 and block == 0
                layers.append(ResidualBlock(coming, filters << stage, 2 if first else 1))
                coming = filters << stage
        self.blocks = nn.Sequential(*layers)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(coming, width)
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch's stub lacks it

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """Return ``(n, width)`` outputs.

        Args:
            pictures: ``(n, channels, side, side)``, float32 from 0 to 1.
        """
        maps = torch.relu(self.stem(self.pixels(pictures)))
        maps = self.blocks(maps)  # (n, 4 * filters, side / 4, side / 4)
        features = maps.mean(dim=(2, 3))  # wherever something was seen, it counts
        outputs: torch.Tensor = self.head(self.dropout(features))
        return outputs


class ResidualBlock(nn.Module):
    """``relu(shortcut(x) + correction(x))`` with two convolutions in the correction.

    Args:
        channels: Maps that come in.
        filters: Maps that go out.
        stride: 2 halves the side.
    """

    def __init__(self, channels: int, filters: int, stride: int = 1) -> None:
        super().__init__()
        self.first = Convolution(channels, filters, stride=stride)
        self.second = Convolution(filters, filters)
        # The correction begins at nothing (Goyal et al. 2017, section 5.1).
        nn.init.zeros_(self.second.norm.weight)
        self.shortcut: nn.Module = nn.Identity()
        if stride > 1 or channels != filters:
            self.shortcut = Convolution(channels, filters, side=1, stride=stride)

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        """Return ``(n, filters, side / stride, ...)`` of ``(n, channels, side, side)``."""
        correction = self.second(torch.relu(self.first(maps)))
        return torch.relu(self.shortcut(maps) + correction)
