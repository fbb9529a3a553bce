"""GRU: a recurrent net with two gates and no memory beside its state."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from bakeoff.contenders.base import Card  # noqa: TC001 - settings are read by annotation
from bakeoff.contenders.nets.recurrent import RecurrentNet
from bakeoff.contenders.nets.text_net import TEXT_NET_CARD


@dataclass(frozen=True)
class Gru(RecurrentNet):
    """Gated recurrent units: what an LSTM does, with fewer weights."""

    card: ClassVar[Card] = replace(
        TEXT_NET_CARD,
        name="gru",
        title="GRU",
        summary="a recurrent net with two gates over word vectors learned here",
        rank=6,
        seconds_per_1000=6.0,
        source="Cho et al. 2014, 'Learning Phrase Representations using RNN Encoder-Decoder'",
    )
    cell: ClassVar[str] = "gru"
