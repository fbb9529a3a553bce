"""The frame of every net for text: word vectors, an encoder, pooling, and a linear layer."""

from __future__ import annotations

import torch
from torch import nn

_DEVIATION = 0.1


class WordNet(nn.Module):
    """A net over words; the encoder and the pooling make the difference.

    Args:
        n_tokens: Size of the vocabulary; token 0 is padding.
        width: Outputs of the net.
        encoder: ``encoder(vectors, mask)``: ``(n, length, size)`` word vectors to ``(n, length,
            out)`` states; has the attributes ``size`` and ``out``.
        pooling: From `models.nets.pooling`: ``(n, length, out)`` states to ``(n, out)``.
        dropout: Share of features left out while training: of word vectors and of what is pooled.
    """

    def __init__(
        self, n_tokens: int, width: int, encoder: Encoder, pooling: nn.Module, *, dropout: float
    ) -> None:
        super().__init__()
        self.embedding = nn.Embedding(n_tokens, encoder.size, padding_idx=0)
        self.encoder = encoder
        self.pooling = pooling
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(encoder.out, width)
        # Small: a word that is met once or twice hardly moves, and should then hardly count.
        nn.init.normal_(self.embedding.weight[1:], std=_DEVIATION)

    def forward(self, tokens: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return ``(n, width)`` outputs.

        Args:
            tokens: ``(n, length)``, int64.
            mask: ``(n, length)``, bool: True at tokens, then False at padding.
        """
        pooled = self.pooling(self.states(tokens, mask), mask)
        outputs: torch.Tensor = self.head(self.dropout(pooled))
        return outputs

    def states(self, tokens: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return what the encoder makes of each word: ``(n, length, out)``."""
        states: torch.Tensor = self.encoder(self.vectors(tokens), mask)
        return states

    def vectors(self, tokens: torch.Tensor) -> torch.Tensor:
        """Return the words' vectors: ``(n, length, size)``."""
        vectors: torch.Tensor = self.dropout(self.embedding(tokens))
        return vectors


class Encoder(nn.Module):
    """What stands between word vectors and pooling.

    Args:
        size: Length of a word vector that it reads.
        out: Length of a state that it gives.
    """

    def __init__(self, size: int, out: int) -> None:
        super().__init__()
        self.size = size
        self.out = out
