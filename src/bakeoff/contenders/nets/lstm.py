"""LSTM: a recurrent net with a memory that gates write to, keep and read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from bakeoff.contenders.base import Card  # noqa: TC001 - settings are read by annotation
from bakeoff.contenders.nets.recurrent import RecurrentNet
from bakeoff.contenders.nets.text_net import TEXT_NET_CARD


@dataclass(frozen=True)
class Lstm(RecurrentNet):
    """Long short-term memory: gradients reach far back along the memory."""

    card: ClassVar[Card] = replace(
        TEXT_NET_CARD,
        name="lstm",
        title="LSTM",
        summary="a recurrent net with gated memory over word vectors learned here",
        rank=6,
        seconds_per_1000=7.0,
        source="Hochreiter & Schmidhuber 1997, 'Long Short-Term Memory'",
    )
    cell: ClassVar[str] = "lstm"
