"""Causal nets: from the bytes so far, the chances of the next byte."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional

from bakeoff.models.byte_text import N_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable

START = N_BYTES
"""Symbol before the first byte of a text; it is read, and never predicted."""
NOT_ASKED = -100
"""In place of the next byte where there is none to predict."""

_CELLS: dict[str, Callable[..., nn.RNNBase]] = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


class RecurrentLanguageNet(nn.Module):
    """A recurrent net over bytes.

    Source: Mikolov et al. 2010, 'Recurrent neural network based language model'.

    Args:
        cell: ``"rnn"``, ``"lstm"`` or ``"gru"``.
        size: Length of a byte's vector.
        hidden: Length of the state.
        layers: Layers, one on the states of the other.
        dropout: Share of features left out while training.
    """

    def __init__(self, cell: str, size: int, hidden: int, *, layers: int, dropout: float) -> None:
        super().__init__()
        self.vectors = nn.Embedding(N_BYTES + 1, size)
        between = dropout if layers > 1 else 0.0
        self.cells = _CELLS[cell](size, hidden, layers, batch_first=True, dropout=between)
        self.dropout = nn.Dropout(dropout)
        self.exit = nn.Linear(hidden, N_BYTES)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """Return logits of the byte after each place.

        Args:
            tokens: ``(n, length)``, integers: bytes, and `START` before a text.

        Returns:
            ``(n, length, 256)``.
        """
        states, _ = self.cells(self.dropout(self.vectors(tokens)))
        logits: torch.Tensor = self.exit(self.dropout(states))
        return logits


class CausalTransformer(nn.Module):
    """A stack of causal self-attention blocks over bytes.

    With ``learned`` it is GPT (Radford et al. 2019, 'Language Models are Unsupervised Multitask
    Learners'): learned positions, the first and the last matrix are one, small first weights.
    Without, it is the Transformer of Vaswani et al. 2017 ('Attention Is All You Need'), decoder
    side: waves for positions, a last matrix of its own; norms stand before each step.

    Args:
        size: Length of a place's state; a multiple of ``heads``.
        layers: Blocks.
        heads: Attentions side by side in a block.
        context: Places that it sees at once.
        dropout: Share of features left out while training.
        learned: Whether it is GPT.
    """

    autocast = True

    def __init__(
        self, size: int, *, layers: int, heads: int, context: int, dropout: float, learned: bool
    ) -> None:
        super().__init__()
        self.context = context
        self.vectors = nn.Embedding(N_BYTES + 1, size)
        self.dropout = nn.Dropout(dropout)
        self.blocks = nn.ModuleList(CausalBlock(size, heads, dropout) for _ in range(layers))
        self.norm = nn.LayerNorm(size)
        self.positions = nn.Parameter(_waves(context, size), requires_grad=learned)
        self.exit = None if learned else nn.Linear(size, N_BYTES)
        self.apply(_small)
        if learned:
            nn.init.normal_(self.positions, std=0.02)
            for name, weight in self.named_parameters():
                # What is added 2 * layers times must not grow with depth (GPT-2).
                if name.endswith("onto_the_state.weight"):
                    nn.init.normal_(weight, std=0.02 / math.sqrt(2 * layers))

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """Return logits of the byte after each place.

        Args:
            tokens: ``(n, length)``, integers: bytes, and `START` before a text; at most as long as
                the context.

        Returns:
            ``(n, length, 256)``.
        """
        states = self.dropout(self.vectors(tokens) + self.positions[: tokens.shape[1]])
        for block in self.blocks:
            states = block(states)
        states = self.norm(states)
        if self.exit is None:
            return functional.linear(states, self.vectors.weight[:N_BYTES])
        logits: torch.Tensor = self.exit(states)
        return logits


class CausalBlock(nn.Module):
    """Look back, then think about what was seen; each is added to the state.

    Args:
        size: Length of a place's state; a multiple of ``heads``.
        heads: Attentions side by side.
        dropout: Share of what each step adds that is left out while training.
    """

    def __init__(self, size: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.norm_1 = nn.LayerNorm(size)
        self.entry = nn.Linear(size, 3 * size)
        self.looks_onto_the_state = nn.Linear(size, size)
        self.norm_2 = nn.LayerNorm(size)
        self.think = nn.Linear(size, 4 * size)
        self.thoughts_onto_the_state = nn.Linear(4 * size, size)
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        """Return the next states: ``(n, length, size)``."""
        n, length, size = states.shape
        entry = self.entry(self.norm_1(states)).view(n, length, 3, self.heads, size // self.heads)
        query, key, value = entry.permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        looks = self.looks_onto_the_state(seen.transpose(1, 2).reshape(n, length, size))
        states = states + self.dropout(looks)
        thoughts = functional.gelu(self.think(self.norm_2(states)))
        added: torch.Tensor = states + self.dropout(self.thoughts_onto_the_state(thoughts))
        return added


class Nats(nn.Module):
    """What a causal net finds of texts: one number each.

    Args:
        net: Gives ``(n, length, 256)`` logits.
    """

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net

    def forward(self, tokens: torch.Tensor, following: torch.Tensor) -> torch.Tensor:
        """Return minus the log probability of what follows: ``(n, 1)``, in nats.

        Args:
            tokens: ``(n, length)``, integers.
            following: ``(n, length)``, int64: the byte after each place, or `NOT_ASKED`.
        """
        logits = self.net(tokens).float()
        each = functional.cross_entropy(
            logits.flatten(0, 1), following.flatten(), ignore_index=NOT_ASKED, reduction="none"
        )
        # In float64: a long text is a sum of many thousand small numbers.
        return each.view(following.shape).double().sum(dim=1, keepdim=True)


def _small(module: nn.Module) -> None:
    if isinstance(module, nn.Linear | nn.Embedding):
        nn.init.normal_(module.weight, std=0.02)
    if isinstance(module, nn.Linear):
        nn.init.zeros_(module.bias)


def _waves(length: int, size: int) -> torch.Tensor:
    """Return sines and cosines of each place: ``(length, size)``, of the vectors' first size."""
    rates = torch.exp(torch.arange(0, size, 2) * (-math.log(10_000.0) / size))
    angles = torch.arange(length)[:, None] * rates
    waves = torch.stack([torch.sin(angles), torch.cos(angles)], dim=2).flatten(1)
    # As small as the first vectors: waves of size 1 would drown them.
    return 0.02 * waves[:, :size]
