"""A small Transformer encoder for text, written out: every word looks at every other."""

from __future__ import annotations

import math
from typing import cast

import torch
from torch import nn
from torch.nn import functional

from bakeoff.models.nets.word_net import Encoder, WordNet


class TextTransformer(WordNet):
    """A `WordNet` whose encoder is a Transformer, and tells where it looks."""

    encoder: TransformerEncoder

    def attention(
        self, tokens: torch.Tensor, mask: torch.Tensor, pieces: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Return how much each word looks at each other: ``(layers, n, heads, length, length)``.

        ``[layer, row, head, i, j]`` is the share of word ``j`` in what word ``i`` takes in; shares
        sum to 1 over ``j`` and are 0 at padding. Arguments as in `forward`.
        """
        return self.encoder.attention(self.vectors(tokens, pieces), mask)


class TransformerEncoder(Encoder):
    """Positions, blocks of self-attention, and a last norm.

    Source: Vaswani et al. 2017, 'Attention Is All You Need'; norms stand before each step, not
    after it (Xiong et al. 2020, 'On Layer Normalization in the Transformer Architecture').

    Args:
        size: Length of a word's vector and state; a multiple of ``heads``.
        hidden: Width of a block's second step.
        layers: Blocks.
        heads: Attentions side by side in a block.
        dropout: Share of what each step adds that is left out while training.
    """

    def __init__(self, size: int, hidden: int, *, layers: int, heads: int, dropout: float) -> None:
        super().__init__(size, size)
        self.blocks = nn.ModuleList(Block(size, hidden, heads, dropout) for _ in range(layers))
        self.norm = nn.LayerNorm(size)

    def forward(self, vectors: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return the words' states: ``(n, length, size)``.

        Args:
            vectors: ``(n, length, size)``, float32.
            mask: ``(n, length)``, bool: True at tokens, False at padding.
        """
        states = vectors + sinusoids(vectors.shape[1], self.size).to(vectors)
        for block in self.blocks:
            states = block(states, mask)
        last: torch.Tensor = self.norm(states)
        return last

    def attention(self, vectors: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return each block's shares: ``(layers, n, heads, length, length)``."""
        states, found = vectors + sinusoids(vectors.shape[1], self.size).to(vectors), []
        for block in self.blocks:
            found.append(cast("Block", block).looks(states, mask))
            states = block(states, mask)
        return torch.stack(found)


class Block(nn.Module):
    """Two steps, each added to the state: look at the other words, then think about what was seen.

    Args:
        size: Length of a word's state.
        hidden: Width of the second step.
        heads: Attentions side by side.
        dropout: Share of what each step adds that is left out while training.
    """

    def __init__(self, size: int, hidden: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.norm_1 = nn.LayerNorm(size)
        self.attention = SelfAttention(size, heads)
        self.norm_2 = nn.LayerNorm(size)
        self.think = nn.Sequential(
            nn.Linear(size, hidden), nn.GELU(), nn.Dropout(dropout), nn.Linear(hidden, size)
        )
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return the next states, ``(n, length, size)``, from these and the mask."""
        states = states + self.dropout(self.attention(self.norm_1(states), mask))
        added: torch.Tensor = states + self.dropout(self.think(self.norm_2(states)))
        return added

    def looks(self, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return how much each word looks at each other: ``(n, heads, length, length)``."""
        return self.attention.weights(self.norm_1(states), mask)


class SelfAttention(nn.Module):
    """Each word asks (query), every word offers itself (key), and is taken in (value) as it fits.

    Args:
        size: Length of a word's state; a multiple of ``heads``.
        heads: Attentions side by side, each over ``size / heads`` numbers.
    """

    def __init__(self, size: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.entry = nn.Linear(size, 3 * size)
        self.exit = nn.Linear(size, size)

    def forward(self, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return what each word takes in: ``(n, length, size)``.

        Args:
            states: ``(n, length, size)``, float32.
            mask: ``(n, length)``, bool: nobody looks where it is False.
        """
        query, key, value = self._split(states)
        found = functional.scaled_dot_product_attention(
            query, key, value, attn_mask=mask[:, None, None, :]
        )
        joined: torch.Tensor = self.exit(found.transpose(1, 2).flatten(2))
        return joined

    def weights(self, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return the shares with which `forward` mixes: ``(n, heads, length, length)``."""
        query, key, _ = self._split(states)
        scores = query @ key.transpose(2, 3) / math.sqrt(query.shape[3])
        return torch.softmax(scores.masked_fill(~mask[:, None, None, :], -torch.inf), dim=3)

    def _split(self, states: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Return queries, keys and values: each ``(n, heads, length, size / heads)``."""
        n, length, _ = states.shape
        together: torch.Tensor = self.entry(states).view(n, length, 3, self.heads, -1)
        return together.permute(2, 0, 3, 1, 4).unbind()


def sinusoids(length: int, size: int) -> torch.Tensor:
    """Return a vector for each position: ``(length, size)``, float32, sines and cosines.

    Source: Vaswani et al. 2017, section 3.5.
    """
    positions = torch.arange(length)[:, None]
    rates = torch.exp(torch.arange(0, size, 2) * (-math.log(10_000) / size))
    angles = positions * rates
    return torch.stack([angles.sin(), angles.cos()], dim=2).flatten(1)[:, :size]
