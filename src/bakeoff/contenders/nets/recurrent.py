"""What RNN, LSTM and GRU have in common: everything but the cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from bakeoff.contenders.nets.text_net import TextNet

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True)
class RecurrentNet(TextNet):
    """A recurrent net on all text columns; a subclass says of which cells.

    Args:
        hidden: Length of the state, of each direction.
        layers: Layers, one on the states of the other.
        both: Whether a second cell reads each text from its end.
        pooling: What the answer is read from: the ``"mean"`` or the ``"max"`` of all states, their
            ``"attention"``-weighted mean, or the ``"last"`` one.
    """

    cell: ClassVar[str]

    hidden: int = 64
    layers: int = 1
    both: bool = True
    pooling: str = "max"

    def word_net(self, n_tokens: int, width: int) -> nn.Module:
        """Return the net with fresh weights."""
        from bakeoff.models.nets.pooling import make_pooling
        from bakeoff.models.nets.recurrent import Recurrent
        from bakeoff.models.nets.word_net import WordNet

        encoder = Recurrent(
            self.cell,
            self.size,
            self.hidden,
            layers=self.layers,
            both=self.both,
            dropout=self.dropout,
        )
        pooling = make_pooling(self.pooling, encoder.out, both=self.both)
        return WordNet(n_tokens, width, encoder, pooling, dropout=self.dropout)
