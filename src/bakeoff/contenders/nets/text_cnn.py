"""TextCNN: convolutions over word vectors learned from these rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from bakeoff.contenders.base import Card  # noqa: TC001 - settings are read by annotation
from bakeoff.contenders.nets.text_net import TEXT_NET_CARD, TextNet

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True)
class TextCnn(TextNet):
    """Kim's convolutional net on all text columns.

    Args:
        filters: Filters of each width (2, 3 and 4 words).
    """

    card: ClassVar[Card] = replace(
        TEXT_NET_CARD,
        name="text-cnn",
        title="TextCNN",
        summary="a convolutional net over word vectors learned here",
        rank=5,
        seconds_per_1000=5.0,
        source="Kim 2014, 'Convolutional Neural Networks for Sentence Classification'",
    )

    filters: int = 100

    def word_net(self, n_tokens: int, width: int) -> nn.Module:
        """Return the net with fresh weights."""
        from bakeoff.models.nets.pooling import MaxPooling
        from bakeoff.models.nets.text_cnn import Convolutions
        from bakeoff.models.nets.word_net import WordNet

        encoder = Convolutions(self.size, filters=self.filters)
        return WordNet(n_tokens, width, encoder, MaxPooling(), dropout=self.dropout)
