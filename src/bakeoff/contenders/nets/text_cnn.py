"""TextCNN: convolutions over word vectors learned from these rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from bakeoff.contenders.base import Card
from bakeoff.contenders.nets.text_net import TextNet
from bakeoff.data.columns import ColumnType

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True)
class TextCnn(TextNet):
    """Kim's convolutional net on all text columns.

    Args:
        longest: Words of a row that are read.
        epochs: Passes over the rows, at most.
        learning_rate: Peak of the schedule.
        filters: Filters of each width (2, 3 and 4 words).
        dropout: Share of features left out while training.
    """

    card: ClassVar[Card] = Card(
        name="text-cnn",
        title="TextCNN",
        seconds_per_1000=4.0,
        family="nets",
        summary="a convolutional net over word vectors learned here",
        kinds=frozenset({"classification", "regression"}),
        reads=frozenset({ColumnType.TEXT}),
        needs=frozenset({ColumnType.TEXT}),
        abilities=frozenset({"probabilities", "confidence", "torch"}),
        extras=("torch",),
        deterministic=False,
        rank=5,
        source="Kim 2014, 'Convolutional Neural Networks for Sentence Classification'",
    )

    filters: int = 100
    dropout: float = 0.5

    def net(self, n_tokens: int, width: int) -> nn.Module:
        """Return the net with fresh weights."""
        from bakeoff.models.nets.text_cnn import TextCnn as Net

        return Net(n_tokens, width, filters=self.filters, dropout=self.dropout)
