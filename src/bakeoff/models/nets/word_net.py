"""The frame of every net for text: word vectors, an encoder, pooling, and a linear layer."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

from bakeoff.models.vocabulary import LEFT_OUT, PAD
from bakeoff.models.word_pieces import BUCKETS

_DEVIATION = 0.1


class WordNet(nn.Module):
    """A net over words; the encoder and the pooling make the difference.

    Args:
        n_tokens: Size of the vocabulary (`models.vocabulary`).
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
        self.embedding = nn.Embedding(n_tokens, encoder.size, padding_idx=PAD)
        self.pieces = nn.Embedding(BUCKETS, encoder.size, padding_idx=0)
        self.encoder = encoder
        self.pooling = pooling
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(encoder.out, width)
        # Small: a word that is met once or twice hardly moves, and should then hardly count.
        for table in (self.embedding, self.pieces):
            nn.init.normal_(table.weight[1:], std=_DEVIATION)

    def forward(
        self, tokens: torch.Tensor, mask: torch.Tensor, pieces: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Return ``(n, width)`` outputs.

        Args:
            tokens: ``(n, length)``, int64.
            mask: ``(n, length)``, bool: True at tokens, then False at padding.
            pieces: ``(n, length, most)``, integers from `models.word_pieces`, 0 for none; None:
                words are read as wholes alone.
        """
        pooled = self.pooling(self.states(tokens, mask, pieces), mask)
        outputs: torch.Tensor = self.head(self.dropout(pooled))
        return outputs

    def states(
        self, tokens: torch.Tensor, mask: torch.Tensor, pieces: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Return what the encoder makes of each word: ``(n, length, out)``."""
        states: torch.Tensor = self.encoder(self.vectors(tokens, pieces), mask)
        return states

    def vectors(self, tokens: torch.Tensor, pieces: torch.Tensor | None = None) -> torch.Tensor:
        """Return the words' vectors, ``(n, length, size)``: a word's own and its pieces'.

        So a word that was seen once, or never, begins with what its letters have in common with
        others (Bojanowski et al. 2017, 'Enriching Word Vectors with Subword Information').
        """
        vectors: torch.Tensor = self.embedding(tokens)
        if pieces is not None:
            kept = pieces * (tokens != LEFT_OUT)[..., None]
            sums = functional.embedding_bag(
                kept.flatten(0, 1), self.pieces.weight, mode="sum", padding_idx=0
            )
            count = (kept > 0).sum(dim=2, keepdim=True).clamp(min=1)
            vectors = vectors + sums.view_as(vectors) / count.sqrt()
        dropped: torch.Tensor = self.dropout(vectors)
        return dropped


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
