"""Recurrent language models: RNN, LSTM and GRU differ in their cell alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from bakeoff.contenders.base import Card  # noqa: TC001 - settings are read by annotation
from bakeoff.contenders.nets.language_net import LANGUAGE_NET_CARD, LanguageNet

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True)
class RecurrentLm(LanguageNet):
    """A recurrent net that predicts the next byte; a subclass says of which cells.

    Args:
        size: Length of a byte's vector.
        hidden: Length of the state.
        layers: Layers, one on the states of the other.
        dropout: Share of features left out while training.
    """

    cell: ClassVar[str]

    size: int = 64
    hidden: int = 256
    layers: int = 1
    dropout: float = 0.1

    def net(self) -> nn.Module:
        """Return the net with fresh weights."""
        from bakeoff.models.nets.language import RecurrentLanguageNet

        return RecurrentLanguageNet(
            self.cell, self.size, self.hidden, layers=self.layers, dropout=self.dropout
        )


@dataclass(frozen=True)
class RnnLm(RecurrentLm):
    """A plain recurrent net over bytes."""

    card: ClassVar[Card] = replace(
        LANGUAGE_NET_CARD,
        name="rnn-lm",
        title="RNN over bytes",
        summary="language model: a plain recurrent net over bytes",
        source="Elman 1990, 'Finding Structure in Time'",
        seconds_per_1000=6.0,
    )
    cell: ClassVar[str] = "rnn"

    learning_rate: float = 1e-3


@dataclass(frozen=True)
class LstmLm(RecurrentLm):
    """A net of LSTM cells over bytes."""

    card: ClassVar[Card] = replace(
        LANGUAGE_NET_CARD,
        name="lstm-lm",
        title="LSTM over bytes",
        summary="language model: a net of LSTM cells over bytes",
        source="Hochreiter and Schmidhuber 1997, 'Long Short-Term Memory'",
        seconds_per_1000=14.0,
    )
    cell: ClassVar[str] = "lstm"

    epochs: int = 3
    context: int = 64
    optimiser: str = "muon"
    learning_rate: float = 5e-3


@dataclass(frozen=True)
class GruLm(RecurrentLm):
    """A net of GRU cells over bytes."""

    card: ClassVar[Card] = replace(
        LANGUAGE_NET_CARD,
        name="gru-lm",
        title="GRU over bytes",
        summary="language model: a net of GRU cells over bytes",
        source="Cho et al. 2014, 'Learning Phrase Representations using RNN Encoder-Decoder'",
        seconds_per_1000=12.0,
    )
    cell: ClassVar[str] = "gru"
