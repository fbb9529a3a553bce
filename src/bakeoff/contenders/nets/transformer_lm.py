"""Causal Transformers as language models: the plain one, and GPT."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from bakeoff.contenders.base import Card  # noqa: TC001 - settings are read by annotation
from bakeoff.contenders.nets.language_net import LANGUAGE_NET_CARD, LanguageNet
from bakeoff.core.errors import UsageError

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True)
class CausalLm(LanguageNet):
    """Self-attention over the bytes before; a subclass says with which positions.

    The defaults are for a CPU: small nets, and Muon, which needs fewer passes. nanoGPT's net for
    characters on a GPU is ``gpt@layers=6@heads=6@size=384@context=256@dropout=0.2`` with
    ``@batch_rows=64@optimiser=adamw@learning_rate=0.001``.

    Args:
        layers: Blocks.
        heads: Attentions side by side in a block.
        size: Length of a place's state; a multiple of ``heads``.
        dropout: Share of features left out while training.
    """

    learned: ClassVar[bool]

    layers: int = 2
    heads: int = 4
    size: int = 128
    dropout: float = 0.0
    epochs: int = 2
    context: int = 64
    optimiser: str = "muon"
    learning_rate: float = 0.01

    def __post_init__(self) -> None:
        """Check the settings.

        Raises:
            UsageError: The size is no multiple of the heads.
        """
        if self.size % self.heads or self.size % 2:
            raise UsageError(
                f"'{self.card.name}' has a size of {self.size} and {self.heads} heads",
                why="the size must be even, and a multiple of the heads",
            )

    def sees(self) -> int:
        """Return the context."""
        return self.context

    def net(self) -> nn.Module:
        """Return the net with fresh weights."""
        from bakeoff.models.nets.language import CausalTransformer

        return CausalTransformer(
            self.size,
            layers=self.layers,
            heads=self.heads,
            context=self.context,
            dropout=self.dropout,
            learned=self.learned,
        )


@dataclass(frozen=True)
class TransformerLm(CausalLm):
    """The Transformer's decoder over bytes: positions as waves."""

    card: ClassVar[Card] = replace(
        LANGUAGE_NET_CARD,
        name="transformer-lm",
        title="Transformer over bytes",
        summary="language model: a causal Transformer over bytes, positions as waves",
        source="Vaswani et al. 2017, 'Attention Is All You Need'",
        seconds_per_1000=10.5,
    )
    learned: ClassVar[bool] = False


@dataclass(frozen=True)
class Gpt(CausalLm):
    """GPT over bytes: learned positions, tied vectors."""

    card: ClassVar[Card] = replace(
        LANGUAGE_NET_CARD,
        name="gpt",
        title="GPT over bytes",
        summary="language model: GPT over bytes, trained from scratch",
        source="Radford et al. 2019, 'Language Models are Unsupervised Multitask Learners'",
        seconds_per_1000=10.5,
    )
    learned: ClassVar[bool] = True
