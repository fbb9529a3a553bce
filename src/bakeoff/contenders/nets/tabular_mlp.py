"""A multi-layer perceptron on number, date and category columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from bakeoff.contenders.base import Card, Contender, Facts, Fitted
from bakeoff.core.errors import UsageError
from bakeoff.core.hashing import hash_parts
from bakeoff.models.outputs import to_predictions
from bakeoff.models.state import load_state, save_state
from bakeoff.models.table_arrays import TABLE_TYPES, TableArrays

if TYPE_CHECKING:
    from pathlib import Path

    from torch import nn

    from bakeoff.contenders.base import Context
    from bakeoff.data.inputs import Inputs
    from bakeoff.tasks.examples import Examples
    from bakeoff.tasks.predictions import Predictions
    from bakeoff.tasks.spec import TaskSpec
    from bakeoff.training.targets import TargetScale

_NORMS = ("layer", "none")


@dataclass(frozen=True)
class TabularMlp(Contender):
    """Two hidden layers over scaled numbers and learned vectors of categories.

    Args:
        units: Units of each of the two hidden layers.
        norm: ``"layer"`` (LayerNorm) or ``"none"``.
        dropout: Share of units left out while training.
        epochs: Passes over the rows, at most; the plan's budget goes before it.
        patience: Epochs without a better validation loss after which training ends.
        learning_rate: Peak of the schedule.
        weight_decay: Of weight matrices.
        batch_rows: Rows of a batch, at most.
    """

    card: ClassVar[Card] = Card(
        name="tabular-mlp",
        title="MLP on columns",
        seconds_per_1000=3.0,
        family="nets",
        summary="a multi-layer perceptron on scaled numbers and vectors of categories",
        kinds=frozenset({"classification", "regression"}),
        reads=TABLE_TYPES,
        needs=TABLE_TYPES,
        abilities=frozenset({"probabilities", "confidence", "torch"}),
        extras=("torch",),
        deterministic=False,
        rank=4,
        source="Guo and Berkhahn 2016, 'Entity Embeddings of Categorical Variables'",
    )

    units: int = 128
    norm: str = "none"
    dropout: float = 0.3
    epochs: int = 100
    patience: int = 15
    learning_rate: float = 1e-3
    weight_decay: float = 0.01
    batch_rows: int = 32

    def __post_init__(self) -> None:
        if self.norm not in _NORMS:
            raise UsageError(f"norm={self.norm} is not known", why="it is layer or none")

    def fit(self, train: Examples, valid: Examples | None, context: Context) -> TabularMlpFitted:
        """Learn categories, scales and weights from ``train``; stop early on ``valid``."""
        from bakeoff.training.loop import LabelledRows
        from bakeoff.training.loop import train as train_net
        from bakeoff.training.recipe import Recipe
        from bakeoff.training.rows import ArrayRows
        from bakeoff.training.seeds import seeded
        from bakeoff.training.targets import TargetScale

        table = TableArrays.fit(train.inputs)
        scale = TargetScale.fit(train.targets, len(train.task.classes))

        def labelled(rows: Examples) -> LabelledRows:
            return LabelledRows(ArrayRows(table.arrays(rows.inputs)), scale.tensor(rows.targets))

        with seeded(context.seed, "weights"):
            net = self._net(table, scale.width)
        trained = train_net(
            net,
            labelled(train),
            labelled(valid) if valid is not None and len(valid) else None,
            Recipe(
                epochs=context.budget.epochs or self.epochs,
                learning_rate=self.learning_rate,
                patience=self.patience,
                weight_decay=self.weight_decay,
                batch_rows=self.batch_rows,
            ),
            context,
            key=hash_parts([self.name, train.inputs.ids.tobytes()]),
        )
        return TabularMlpFitted(table, scale, trained.net)

    def load(self, folder: Path, task: TaskSpec) -> TabularMlpFitted:
        """Read back what `TabularMlpFitted.save` wrote."""
        from bakeoff.training.artefacts import load_net
        from bakeoff.training.targets import TargetScale

        state = load_state(folder)
        table = TableArrays.of_state(state)
        scale = TargetScale.of(state, len(task.classes))
        return TabularMlpFitted(table, scale, load_net(folder, self._net(table, scale.width)))

    def _net(self, table: TableArrays, width: int) -> nn.Module:
        from bakeoff.models.nets.mlp import TableMlp

        return TableMlp(
            table.n_numbers,
            table.sizes,
            width,
            hidden=(self.units, self.units),
            norm=self.norm,
            dropout=self.dropout,
        )


@dataclass(frozen=True, slots=True)
class TabularMlpFitted(Fitted):
    """Categories, scales and the trained net."""

    table: TableArrays
    scale: TargetScale
    net: nn.Module

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Return class probabilities or numbers."""
        from bakeoff.training.outputs import net_outputs
        from bakeoff.training.rows import ArrayRows

        raw = net_outputs(
            self.net,
            ArrayRows(self.table.arrays(inputs)),
            width=self.scale.width,
            device=context.device,
            threads=context.threads,
        )
        return to_predictions(inputs.ids, self.scale.predictions(raw))

    def save(self, folder: Path) -> None:
        """Write categories, scales and weights."""
        from bakeoff.training.artefacts import save_net

        values, arrays = self.table.state()
        save_state(folder, {**values, **self.scale.values()}, arrays)
        save_net(folder, self.net)

    def facts(self) -> Facts:
        """Return the number of weights, and their bytes."""
        weights = list(self.net.parameters())
        count = sum(weight.numel() for weight in weights)
        size = sum(weight.numel() * weight.element_size() for weight in weights)
        return Facts(parameters=count, trained_parameters=count, model_bytes=size)
