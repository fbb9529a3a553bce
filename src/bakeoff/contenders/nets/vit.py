"""A vision transformer on pixels: patches are its words; learned from nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from bakeoff.contenders.base import Card  # noqa: TC001 - the settings' types are read while running
from bakeoff.contenders.nets.image_net import IMAGE_NET_CARD, ImageNet
from bakeoff.core.errors import UsageError

if TYPE_CHECKING:
    from bakeoff.models.nets.pixels import PixelNet


@dataclass(frozen=True)
class Vit(ImageNet):
    """Attention over patches of all image columns; more settings: `ImageNet`.

    Args:
        size: Length of a patch's vector.
        depth: Layers of attention.
        heads: Of attention in a layer; they divide ``size``.
    """

    card: ClassVar[Card] = replace(
        IMAGE_NET_CARD,
        name="vit",
        title="ViT",
        summary="a transformer on patches of pixels, learned here",
        seconds_per_1000=40.0,
        rank=6,
        source="Dosovitskiy et al. 2021, 'An Image is Worth 16x16 Words'",
    )

    epochs: int = 30
    learning_rate: float = 1e-3
    dropout: float = 0.1
    size: int = 128
    depth: int = 4
    heads: int = 4

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.size % self.heads:
            raise UsageError(f"size={self.size} cannot be shared among heads={self.heads}")

    def pixel_net(self, width: int, side: int, channels: int) -> PixelNet:
        """Return the net with fresh weights."""
        from bakeoff.models.nets.vit import Vit as Net

        return Net(
            width,
            side=side,
            channels=channels,
            size=self.size,
            depth=self.depth,
            heads=self.heads,
            dropout=self.dropout,
        )
