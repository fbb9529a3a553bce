"""Transformer: self-attention over word vectors learned from these rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from bakeoff.contenders.base import Card  # noqa: TC001 - settings are read by annotation
from bakeoff.contenders.nets.text_net import TEXT_NET_CARD, TextNet

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True)
class Transformer(TextNet):
    """A small Transformer encoder on all text columns, with nothing learned elsewhere.

    Args:
        hidden: Width of a block's second step.
        layers: Blocks of self-attention.
        heads: Attentions side by side in a block; ``size`` is a multiple of it.
        pooling: What the answer is read from: the ``"mean"`` or the ``"max"`` of all words' states
            or their ``"attention"``-weighted mean.
    """

    card: ClassVar[Card] = replace(
        TEXT_NET_CARD,
        name="transformer",
        title="Transformer (from scratch)",
        summary="a small Transformer over word vectors learned here",
        rank=6,
        seconds_per_1000=8.0,
        source="Vaswani et al. 2017, 'Attention Is All You Need'",
    )

    learning_rate: float = 1e-3
    hidden: int = 256
    layers: int = 1
    heads: int = 4
    pooling: str = "mean"

    def word_net(self, n_tokens: int, width: int) -> nn.Module:
        """Return the net with fresh weights."""
        from bakeoff.models.nets.pooling import make_pooling
        from bakeoff.models.nets.text_transformer import TextTransformer, TransformerEncoder

        encoder = TransformerEncoder(
            self.size, self.hidden, layers=self.layers, heads=self.heads, dropout=self.dropout
        )
        pooling = make_pooling(self.pooling, encoder.out)
        return TextTransformer(n_tokens, width, encoder, pooling, dropout=self.dropout)
