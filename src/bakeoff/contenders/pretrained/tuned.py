"""What encoders that go on learning here have in common: rows in, an encoder and a head trained."""

from __future__ import annotations

import json
from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bakeoff.contenders.base import Card
from bakeoff.contenders.pretrained.on_encoder import MODALITIES, OnEncoder
from bakeoff.contenders.pretrained.tuned_fitted import EncoderReader, TunedNet
from bakeoff.core.errors import UsageError
from bakeoff.core.hashing import hash_parts
from bakeoff.data.columns import ColumnType
from bakeoff.models.few_rows import draw_rows
from bakeoff.training.recipe import epochs_needed, recipe_of

if TYPE_CHECKING:
    from bakeoff.contenders.base import Context
    from bakeoff.contenders.pretrained.tuned_fitted import TunedFitted
    from bakeoff.tasks.examples import Examples
    from bakeoff.tasks.spec import TaskSpec
    from bakeoff.training.recipe import Recipe

TUNED_CARD = Card(
    name="",
    family="pretrained",
    summary="",
    kinds=frozenset({"classification", "regression"}),
    reads=frozenset({ColumnType.TEXT, ColumnType.IMAGE}),
    needs=frozenset({ColumnType.TEXT, ColumnType.IMAGE}),
    abilities=frozenset({"probabilities", "confidence", "torch", "soft_targets"}),
    extras=("torch",),
    deterministic=False,
    rank=8,
    licence="Apache-2.0 (all-MiniLM-L6-v2); other encoders: their own",
    pretrained=True,
)
"""What the cards of tuned encoders say alike; each fills in the rest."""

_POOLINGS = ("auto", "mean", "cls", "last")
_LEAST_TOKENS = 4
_LEAST_HELD_OUT = 200
"""Validation rows, at most, or twice the rows that are learned from."""


@dataclass(frozen=True)
class TunedEncoder(OnEncoder):
    """An encoder with a fresh head, trained on these rows; a subclass says which weights learn.

    Args:
        rows: Rows to learn from, at most, every class with its share; None: all. Those for early
            stopping come on top.
        epochs: Passes over the rows, at most; the plan's budget goes before it.
        least_steps: Where ``epochs`` passes have fewer steps than this, more passes are made: few
            rows would else be left before the head has learned them.
        learning_rate: Peak of the schedule.
        head_rate_factor: How many times that rate the fresh head learns at.
        batch_rows: Rows of a step.
        longest: Tokens of a row that are read, of both texts of a pair together.
        weight_decay: Of weight matrices.
        warmup: Share of all steps over which the rate rises.
        dropout: Share of the row's vector left out before the head.
        encoder_dropout: Share left out at each place within the encoder where it was so when it
            was made: in few passes it slows learning and prevents nothing.
        patience: Epochs without a better validation loss after which training ends; as many times
            more as there are more passes than ``epochs``.
        pooling: ``"mean"``, ``"cls"``, ``"last"`` or ``"auto"``: what the checkpoint was made for;
            causal ones the last token.
        class_weights: ``"none"`` or ``"balanced"`` (a class counts inversely to its rows).
        precision: ``"auto"`` (bf16 where it is faster), ``"fp32"`` or ``"bf16"``.
    """

    rows: int | None = None
    epochs: int = 2
    least_steps: int = 100
    learning_rate: float = 1e-4
    head_rate_factor: float = 10.0
    batch_rows: int = 32
    longest: int = 128
    weight_decay: float = 0.01
    warmup: float = 0.1
    dropout: float = 0.1
    encoder_dropout: float = 0.0
    patience: int = 1
    pooling: str = "auto"
    class_weights: str = "none"
    precision: str = "auto"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.recipe(1, None)
        for name in ("dropout", "encoder_dropout"):
            if not 0 <= getattr(self, name) < 1:
                raise UsageError(
                    f"{name}={getattr(self, name)} is out of range", why="it is from 0 to below 1"
                )
        for name, least in (
            ("rows", 1),
            ("epochs", 1),
            ("least_steps", 0),
            ("longest", _LEAST_TOKENS),
        ):
            value = getattr(self, name)
            if value is not None and value < least:
                raise UsageError(f"{name}={value} is too small", why=f"it is {least} or more")
        if self.pooling not in _POOLINGS:
            raise UsageError(
                f"pooling={self.pooling} is not known", why="it is auto, mean, cls or last"
            )

    def fit_seconds(self, rows: int) -> float:
        """Return the CPU-seconds of a fit, by its passes: the card's are for the usual number."""
        rows = min(rows, self.rows or rows)
        passes = epochs_needed(rows, self.epochs, self.least_steps, self.batch_rows)
        return super().fit_seconds(rows) * passes / type(self).epochs

    def recipe(self, n_rows: int, epochs: int | None) -> Recipe:
        """Return how it is trained on so many rows, with the budget's epochs where there is one.

        Raises:
            UsageError: A setting is out of its range.
        """
        return recipe_of(self, n_rows, epochs)

    def refuses(self, task: TaskSpec) -> str | None:
        """Return why not: see `OnEncoder.refuses`; and it reads no decoders, and one picture."""
        reason = super().refuses(task)
        if reason:
            return reason
        source = self.source()
        config = json.loads((source.folder / "config.json").read_bytes())
        if config.get("is_encoder_decoder"):
            return f"{source.title} is half a decoder: encoder-frozen can use it, training cannot"
        pictures = [c.name for c in task.inputs if c.type == MODALITIES["image"]]
        if source.modality == "image" and len(pictures) > 1:
            return f"it reads one picture a row, and there are columns {', '.join(pictures)}"
        return None

    @abstractmethod
    def open_weights(self, model: Any) -> None:
        """Set those weights of a model from transformers to learn that shall, in place."""

    @abstractmethod
    def finish(self, tuned: TunedNet) -> TunedFitted:
        """Return what was learned, ready to predict."""

    def fit(self, train: Examples, valid: Examples | None, context: Context) -> TunedFitted:
        """Train on ``train``; the weights after the epoch that did best on ``valid`` are kept.

        Raises:
            ContenderError: It diverged twice, or does not fit into memory.
        """
        from bakeoff.training.seeds import seeded
        from bakeoff.training.targets import TargetScale

        chosen = train.take(draw_rows(train.targets, self.rows, context.seed))
        reader = EncoderReader.fit(chosen.inputs, self.source(), self.longest, self.pooling)
        scale = TargetScale.fit(chosen.soft_targets, len(chosen.task.classes))
        with seeded(context.seed, "weights"):
            net = reader.fresh_net(
                scale.width, dropout=self.dropout, encoder_dropout=self.encoder_dropout
            )
            self.open_weights(net.encoder.model)
        recipe = self.recipe(len(chosen), context.budget.epochs)
        begun = TunedNet(reader, scale, net, self.precision, 0)
        return self.finish(self.trained(begun, chosen, valid, recipe, context))

    def trained(
        self,
        begun: TunedNet,
        chosen: Examples,
        valid: Examples | None,
        recipe: Recipe,
        context: Context,
    ) -> TunedNet:
        """Return a net that is trained in place by a recipe, with what it takes to ask it.

        Raises:
            ContenderError: It diverged twice, or does not fit into memory.
        """
        from bakeoff.training.flops import count_parameters, flops_per_row
        from bakeoff.training.loop import LabelledRows
        from bakeoff.training.loop import train as train_net
        from bakeoff.training.narrow import narrowed

        reader, scale, net = begun.reader, begun.scale, begun.net
        parts = [chosen]
        if valid is not None and len(valid):
            # Few rows make many passes, and each ends with all of these: they would be the work.
            most = max(_LEAST_HELD_OUT, 2 * len(chosen))
            parts.append(valid.take(draw_rows(valid.targets, most, context.seed)))
        labelled = [
            LabelledRows(reader.rows(p.inputs), scale.tensor(p.soft_targets)) for p in parts
        ]
        key = hash_parts([self.name, chosen.inputs.ids.tobytes()])
        with narrowed(net.encoder.model, labelled) as rows:
            held_out = rows[1] if len(rows) > 1 else None
            trained = train_net(net, rows[0], held_out, recipe, context, key=key)
        learned = count_parameters(net, learning=True)
        tuned = TunedNet(reader, scale, net, trained.precision, learned)
        return replace(tuned, flops=flops_per_row(net, labelled[0].rows))
