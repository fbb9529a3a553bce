"""A small convolutional net on pixels: the least that a net for pictures needs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from bakeoff.contenders.base import Card  # noqa: TC001 - the settings' types are read while running
from bakeoff.contenders.nets.image_net import IMAGE_NET_CARD, ImageNet

if TYPE_CHECKING:
    from bakeoff.models.nets.pixels import PixelNet


@dataclass(frozen=True)
class Cnn(ImageNet):
    """Blocks of convolution, ReLU and pooling on all image columns; more settings: `ImageNet`.

    Args:
        filters: Of the first block; each block has twice as many as the one before.
        blocks: At most; small pictures cannot be halved so often.
    """

    card: ClassVar[Card] = replace(
        IMAGE_NET_CARD,
        name="cnn",
        title="CNN",
        summary="a small convolutional net on pixels, learned here",
        seconds_per_1000=10.0,
        rank=4,
        source="LeCun et al. 1998, 'Gradient-Based Learning Applied to Document Recognition'",
    )

    epochs: int = 15
    dropout: float = 0.3
    learning_rate: float = 4e-3
    filters: int = 32
    blocks: int = 3

    def pixel_net(self, width: int, side: int, channels: int) -> PixelNet:
        """Return the net with fresh weights."""
        from bakeoff.models.nets.cnn import Cnn as Net

        return Net(
            width,
            side=side,
            channels=channels,
            filters=self.filters,
            blocks=self.blocks,
            dropout=self.dropout,
        )
