"""A residual net on pixels: deep, and learned from nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from bakeoff.contenders.base import Card  # noqa: TC001 - the settings' types are read while running
from bakeoff.contenders.nets.image_net import IMAGE_NET_CARD, ImageNet

if TYPE_CHECKING:
    from bakeoff.models.nets.pixels import PixelNet


@dataclass(frozen=True)
class ResNet(ImageNet):
    """Three stages of residual blocks on all image columns; more settings: `ImageNet`.

    Args:
        filters: Of the first stage; each stage has twice as many as the one before.
        blocks: Of each stage; the net has ``6 * blocks + 2`` layers.
    """

    card: ClassVar[Card] = replace(
        IMAGE_NET_CARD,
        name="resnet",
        title="ResNet",
        summary="a residual net on pixels, learned here",
        seconds_per_1000=60.0,
        rank=6,
        source="He et al. 2016, 'Deep Residual Learning for Image Recognition'",
    )

    epochs: int = 30
    learning_rate: float = 4e-3
    filters: int = 32
    blocks: int = 1

    def pixel_net(self, width: int, side: int, channels: int) -> PixelNet:
        """Return the net with fresh weights."""
        from bakeoff.models.nets.resnet import ResNet as Net

        return Net(
            width,
            side=side,
            channels=channels,
            filters=self.filters,
            blocks=self.blocks,
            dropout=self.dropout,
        )
