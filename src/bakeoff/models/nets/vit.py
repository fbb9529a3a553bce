"""A transformer for pictures: patches are its words, and each looks at all others."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

from bakeoff.models.nets.pixels import PixelNet

_GRID = 8
_SMALLEST_PATCH = 2


def patch_side(side: int) -> int:
    """Return the side of a patch, in pixels, that cuts a picture into about 8 x 8 patches."""
    return max(_SMALLEST_PATCH, round(side / _GRID))


class Vit(PixelNet):
    """Patches as vectors, layers of attention, the mean over patches, and a linear layer.

    Source: Dosovitskiy et al. 2021, 'An Image is Worth 16x16 Words'; the mean in place of a class
    token after Beyer et al. 2022, 'Better plain ViT baselines for ImageNet-1k'.

    Args:
        width: Outputs of the net.
        side: Of the pictures, in pixels; from 8.
        channels: Of the pictures.
        size: Length of a patch's vector; a multiple of ``heads``.
        depth: Layers of attention.
        heads: Places that a patch can look at in one layer.
        dropout: Share of each layer's corrections left out while training.
    """

    # Measured on a CPU: at this size bf16 gains nothing.
    autocast = False

    def __init__(  # noqa: PLR0913 - one argument for each part of the shape
        self,
        width: int,
        *,
        side: int,
        channels: int = 3,
        size: int = 128,
        depth: int = 4,
        heads: int = 4,
        dropout: float = 0.1,
    ) -> None:
        super().__init__(channels)
        self.patch = patch_side(side)
        self.grid = -(-side // self.patch)
        self.embedding = nn.Linear(channels * self.patch**2, size)
        self.position = nn.Parameter(torch.randn(self.grid**2, size) * 0.02)
        self.layers = nn.ModuleList(AttentionLayer(size, heads, dropout) for _ in range(depth))
        self.norm = nn.LayerNorm(size)
        self.head = nn.Linear(size, width)

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """Return ``(n, width)`` outputs.

        Args:
            pictures: ``(n, channels, side, side)``, float32 from 0 to 1.
        """
        vectors = self.embedding(self.patches(self.pixels(pictures))) + self.position
        for layer in self.layers:
            vectors = layer(vectors)
        outputs: torch.Tensor = self.head(self.norm(vectors).mean(dim=1))
        return outputs

    def patches(self, pictures: torch.Tensor) -> torch.Tensor:
        """Cut pictures into patches, row by row.

        Args:
            pictures: ``(n, channels, side, side)``; a margin of zeros is added at the right and
                below where the side is no multiple of the patch.

        Returns:
            ``(n, grid * grid, channels * patch * patch)``.
        """
        margin = self.grid * self.patch - pictures.shape[2]
        padded = functional.pad(pictures, (0, margin, 0, margin))
        return functional.unfold(padded, self.patch, stride=self.patch).transpose(1, 2)


class AttentionLayer(nn.Module):
    """Every patch gathers from the others what it needs, then thinks it over by itself.

    Norms stand before both steps (Xiong et al. 2020, 'On Layer Normalization in the Transformer
    Architecture'), so that training needs no long warm-up.

    Args:
        size: Length of a vector.
        heads: Of attention; they divide ``size``.
        dropout: Share of each correction left out while training.
    """

    def __init__(self, size: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.attention_norm = nn.LayerNorm(size)
        self.ask_offer_tell = nn.Linear(size, 3 * size)
        self.gathered = nn.Linear(size, size)
        self.mlp_norm = nn.LayerNorm(size)
        self.mlp = nn.Sequential(nn.Linear(size, 2 * size), nn.GELU(), nn.Linear(2 * size, size))
        self.dropout = nn.Dropout(dropout)

    def forward(self, vectors: torch.Tensor) -> torch.Tensor:
        """Return ``(n, patches, size)`` of ``(n, patches, size)``."""
        vectors = vectors + self.dropout(self.attend(self.attention_norm(vectors)))
        corrected: torch.Tensor = vectors + self.dropout(self.mlp(self.mlp_norm(vectors)))
        return corrected

    def attend(self, vectors: torch.Tensor) -> torch.Tensor:
        """Return for each patch a mean over all patches, weighted by how well they answer it.

        ``softmax(query @ key.T / sqrt(size / heads)) @ value`` for each head (Vaswani et al. 2017).

        Args:
            vectors: ``(n, patches, size)``.
        """
        n, patches, size = vectors.shape
        split = self.ask_offer_tell(vectors).view(n, patches, 3, self.heads, size // self.heads)
        query, key, value = split.permute(2, 0, 3, 1, 4)  # each (n, heads, patches, size / heads)
        found = functional.scaled_dot_product_attention(query, key, value)
        gathered: torch.Tensor = self.gathered(found.transpose(1, 2).reshape(n, patches, size))
        return gathered
