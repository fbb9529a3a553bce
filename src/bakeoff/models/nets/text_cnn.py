"""A convolutional net for text: filters slide over word vectors, the strongest answer counts."""

from __future__ import annotations

import torch
from torch import nn


class TextCnn(nn.Module):
    """One layer of convolutions of several widths, maximum over positions, and a linear layer.

    Source: Kim 2014, 'Convolutional Neural Networks for Sentence Classification'.

    Args:
        n_tokens: Size of the vocabulary; token 0 is padding.
        width: Outputs of the net.
        size: Length of a word vector.
        filters: Filters of each width.
        spans: Words that a filter sees at once.
        dropout: Share of features left out while training.
    """

    def __init__(
        self,
        n_tokens: int,
        width: int,
        *,
        size: int = 128,
        filters: int = 100,
        spans: tuple[int, ...] = (2, 3, 4),
        dropout: float = 0.5,
    ) -> None:
        super().__init__()
        self.embedding = nn.Embedding(n_tokens, size, padding_idx=0)
        self.convolutions = nn.ModuleList(
            nn.Conv1d(size, filters, span, padding=span - 1) for span in spans
        )
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(filters * len(spans), width)

    def forward(self, tokens: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return ``(n, width)`` outputs.

        Args:
            tokens: ``(n, length)``, int64.
            mask: ``(n, length)``, bool: True at tokens, False at padding.
        """
        vectors = self.embedding(tokens) * mask[..., None]
        vectors = vectors.transpose(1, 2)  # (n, size, length)
        found = [torch.relu(convolution(vectors)).amax(dim=2) for convolution in self.convolutions]
        outputs: torch.Tensor = self.head(self.dropout(torch.cat(found, dim=1)))
        return outputs
