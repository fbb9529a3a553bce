"""A multi-layer perceptron on number, date and category columns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, cast

from bakeoff.contenders.base import Card  # noqa: TC001 - settings are read by annotation
from bakeoff.contenders.net_model import NET_CARD, NetContender, Reader
from bakeoff.core.errors import UsageError
from bakeoff.models.table_arrays import TABLE_TYPES, TableArrays

if TYPE_CHECKING:
    from pathlib import Path

    from torch import nn

    from bakeoff.contenders.base import Context
    from bakeoff.contenders.net_model import Kept
    from bakeoff.data.inputs import Inputs
    from bakeoff.models.state import State
    from bakeoff.training.rows import ArrayRows

_NORMS = ("layer", "none")


@dataclass(frozen=True)
class TabularMlp(NetContender):
    """Two hidden layers over scaled numbers and vectors of categories; more: `NetContender`.

    Args:
        units: Units of each of the two hidden layers.
        norm: ``"layer"`` (LayerNorm) or ``"none"``.
        dropout: Share of units left out while training.
    """

    card: ClassVar[Card] = replace(
        NET_CARD,
        name="tabular-mlp",
        title="MLP on columns",
        seconds_per_1000=3.0,
        summary="a multi-layer perceptron on scaled numbers and vectors of categories",
        reads=TABLE_TYPES,
        needs=TABLE_TYPES,
        rank=4,
        source="Guo and Berkhahn 2016, 'Entity Embeddings of Categorical Variables'",
    )

    epochs: int = 100
    patience: int | None = 15
    units: int = 128
    norm: str = "none"
    dropout: float = 0.3

    def __post_init__(self) -> None:
        if self.norm not in _NORMS:
            raise UsageError(f"norm={self.norm} is not known", why="it is layer or none")

    def reader(self, inputs: Inputs, context: Context) -> TableReader:
        """Return the reader with the categories and scales of these rows."""
        del context
        return TableReader(TableArrays.fit(inputs))

    def saved_reader(self, state: State, folder: Path) -> TableReader:
        """Return the reader that was kept."""
        del folder
        return TableReader(TableArrays.of_state(state))

    def net(self, reader: Reader, width: int) -> nn.Module:
        """Return the net for the reader's columns."""
        from bakeoff.models.nets.mlp import TableMlp

        table = cast("TableReader", reader).table
        return TableMlp(
            table.n_numbers,
            table.sizes,
            width,
            hidden=(self.units, self.units),
            norm=self.norm,
            dropout=self.dropout,
        )


@dataclass(frozen=True, slots=True)
class TableReader(Reader):
    """How rows become scaled numbers and codes of categories."""

    table: TableArrays

    def rows(self, inputs: Inputs, context: Context) -> ArrayRows:
        """Return numbers and codes."""
        from bakeoff.training.rows import ArrayRows

        del context
        return ArrayRows(self.table.arrays(inputs))

    def state(self) -> Kept:
        """Return categories and scales."""
        return self.table.state()
