"""RNN: the next state is a layer over the last state and a word."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from bakeoff.contenders.base import Card  # noqa: TC001 - settings are read by annotation
from bakeoff.contenders.nets.recurrent import RecurrentNet
from bakeoff.contenders.nets.text_net import TEXT_NET_CARD


@dataclass(frozen=True)
class Rnn(RecurrentNet):
    """Elman's simple recurrent net: the one that forgets."""

    card: ClassVar[Card] = replace(
        TEXT_NET_CARD,
        name="rnn",
        title="RNN",
        summary="a simple recurrent net over word vectors learned here",
        rank=6,
        seconds_per_1000=5.0,
        source="Elman 1990, 'Finding Structure in Time'",
    )
    cell: ClassVar[str] = "rnn"
