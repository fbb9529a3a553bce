"""The seam's second floor, for nets: rows are read, a net is trained on them, asked and kept.

A family of nets writes how rows become what its net reads (a `Reader`) and which net that is; all
else stands here once. Torch is imported when a fit begins, so that listing and planning do not
need it.
"""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, cast

from bakeoff.contenders.base import Card, Contender, Facts, Fitted
from bakeoff.core.hashing import hash_parts
from bakeoff.models.outputs import to_predictions
from bakeoff.models.state import load_state, save_state
from bakeoff.training.recipe import UPDATE_RATE, epochs_needed, recipe_of

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray
    from torch import nn

    from bakeoff.contenders.base import Context
    from bakeoff.data.inputs import Inputs
    from bakeoff.models.state import State, Value
    from bakeoff.tasks.examples import Examples
    from bakeoff.tasks.predictions import Predictions
    from bakeoff.tasks.spec import TaskSpec
    from bakeoff.training.loop import LabelledRows
    from bakeoff.training.recipe import Recipe
    from bakeoff.training.rows import Rows
    from bakeoff.training.targets import TargetScale

    Kept = tuple[dict[str, Value], dict[str, NDArray[np.generic]]]

NET_CARD = Card(
    name="",
    family="nets",
    summary="",
    kinds=frozenset({"classification", "regression"}),
    abilities=frozenset({"probabilities", "confidence", "torch", "soft_targets", "update"}),
    extras=("torch",),
    deterministic=False,
)
"""What the cards of all nets say alike; each fills in the rest with `dataclasses.replace`."""


class Reader(ABC):
    """How rows become what a net reads, with what was learned from the training rows for that."""

    @abstractmethod
    def rows(self, inputs: Inputs, context: Context) -> Rows:
        """Return the rows as the net reads them.

        Raises:
            ContenderError: A row cannot be read.
        """

    @abstractmethod
    def state(self) -> Kept:
        """Return plain values and arrays that a saved model keeps."""

    def save_files(self, folder: Path) -> None:
        """Write what else it needs."""
        del folder

    def frozen_parameters(self) -> int:
        """Return the weights that it uses and that were not learned here."""
        return 0

    def n_bytes(self) -> int:
        """Return the bytes that serving needs beside the net's own weights."""
        return 0


@dataclass(frozen=True)
class NetContender(Contender):
    """A net, trained on these rows.

    Args:
        epochs: Passes over the rows, at most; the plan's budget goes before it.
        least_steps: Where ``epochs`` passes have fewer steps than this, more passes are made: few
            rows would else be left before anything is learned from them.
        patience: Epochs without a better validation loss after which training ends, as many times
            more as there are more passes than ``epochs``; None: never. The weights of the epoch
            with the smallest validation loss are kept in any case.
        learning_rate: Peak of the schedule.
        optimiser: Name in `training.optimisers`.
        weight_decay: Of weight matrices.
        batch_rows: Rows of a batch, at most.
        label_smoothing: Share of the target's mass spread over all classes.
        class_weights: ``"none"`` or ``"balanced"`` (a class counts inversely to its rows).
        augment: Changes made to the training rows, in the words of `training.augment_spec`.
        precision: Of training: ``"auto"`` (bf16 where a probe shows a gain), ``"fp32"`` or
            ``"bf16"``. Predictions are made in fp32.
    """

    one_thread: ClassVar[bool] = False
    """Whether training takes one thread however many there are."""

    epochs: int = 10
    least_steps: int = 0
    patience: int | None = 3
    learning_rate: float = 1e-3
    optimiser: str = "adamw"
    weight_decay: float = 0.01
    batch_rows: int = 32
    label_smoothing: float = 0.0
    class_weights: str = "none"
    augment: str = ""
    precision: str = "auto"

    @abstractmethod
    def reader(self, inputs: Inputs, context: Context) -> Reader:
        """Return how rows are read, learned from the training rows' inputs."""

    @abstractmethod
    def saved_reader(self, state: State, folder: Path) -> Reader:
        """Return the reader that `Reader.state` and `Reader.save_files` kept.

        Raises:
            ArtefactError: Something of it is absent or damaged.
        """

    @abstractmethod
    def net(self, reader: Reader, width: int) -> nn.Module:
        """Return a net with fresh weights: called with a batch's tensors, ``(n, width)``."""

    def settle(self, net: nn.Module, learn: LabelledRows) -> None:
        """Set in ``net`` what is taken from the training rows as they are (means of pixels)."""

    def augmentation(self, train: Examples, reader: Reader) -> str:
        """Return the changes made to the training rows."""
        del train, reader
        return self.augment

    def fit_seconds(self, rows: int) -> float:
        """Return the CPU-seconds of a fit, by its passes: the card's are for the usual number."""
        passes = epochs_needed(rows, self.epochs, self.least_steps, self.batch_rows)
        return super().fit_seconds(rows) * passes / type(self).epochs

    def recipe(self, n_rows: int, epochs: int | None) -> Recipe:
        """Return how it is trained on so many rows, with the budget's epochs where there is one.

        Raises:
            UsageError: A setting is out of its range.
        """
        return recipe_of(self, n_rows, epochs)

    def fit(self, train: Examples, valid: Examples | None, context: Context) -> NetFitted:
        """Learn to read rows, and the weights, from ``train``; stop early on ``valid``.

        Raises:
            ContenderError: It diverged twice, or does not fit into memory.
        """
        from bakeoff.training.seeds import seeded
        from bakeoff.training.targets import TargetScale

        reader = self.reader(train.inputs, context)
        scale = TargetScale.fit(train.soft_targets, len(train.task.classes))
        with seeded(context.seed, "weights"):
            net = self.net(reader, scale.width)
        return self._trained(NetFitted(reader, scale, net), train, valid, context)

    def update(
        self, fitted: Fitted, train: Examples, valid: Examples | None, context: Context
    ) -> NetFitted:
        """Let a copy of the net go on, at a lower rate; how rows are read stays as it was.

        Raises:
            ContenderError: It diverged twice, or does not fit into memory.
        """
        before = cast("NetFitted", fitted)
        begun = NetFitted(before.reader, before.scale.with_classes(train.targets), before.net)
        begun = replace(begun, net=copy.deepcopy(before.net))
        return self._trained(begun, train, valid, context, goes_on=True)

    def _trained(
        self,
        begun: NetFitted,
        train: Examples,
        valid: Examples | None,
        context: Context,
        *,
        goes_on: bool = False,
    ) -> NetFitted:
        """Return the net trained; what is taken from rows as they are is kept if it goes on."""
        from bakeoff.training.flops import flops_per_row
        from bakeoff.training.loop import LabelledRows
        from bakeoff.training.loop import train as train_net

        reader, scale, net = begun.reader, begun.scale, begun.net

        def labelled(rows: Examples) -> LabelledRows:
            return LabelledRows(reader.rows(rows.inputs, context), scale.tensor(rows.soft_targets))

        learn = labelled(train)
        recipe = self.recipe(len(train), context.budget.epochs)
        if goes_on:
            recipe = replace(recipe, learning_rate=recipe.learning_rate * UPDATE_RATE)
        else:
            self.settle(net, learn)
        trained = train_net(
            net,
            learn,
            labelled(valid) if valid is not None and len(valid) else None,
            replace(recipe, augment=self.augmentation(train, reader)),
            replace(context, threads=1) if self.one_thread else context,
            key=hash_parts([self.name, train.inputs.ids.tobytes()]),
        )
        # What stands frozen before the net may do far more work than it, and is not counted here.
        flops = None if reader.frozen_parameters() else flops_per_row(trained.net, learn.rows)
        return NetFitted(reader, scale, trained.net, flops)

    def load(self, folder: Path, task: TaskSpec) -> NetFitted:
        """Read back what `NetFitted.save` wrote.

        Raises:
            ArtefactError: A file is absent, damaged, or of a net with other settings.
        """
        from bakeoff.training.artefacts import load_net
        from bakeoff.training.targets import TargetScale

        state = load_state(folder)
        reader = self.saved_reader(state, folder)
        scale = TargetScale.of(state, len(task.classes))
        net = load_net(folder, self.net(reader, scale.width))
        flops = state.values.get("flops")
        return NetFitted(reader, scale, net, flops if isinstance(flops, float) else None)


@dataclass(frozen=True, slots=True)
class NetFitted(Fitted):
    """A trained net and how it is asked.

    Args:
        reader: How rows become what it reads.
        scale: How its outputs become predictions.
        net: In evaluation mode.
        flops: Of a prediction on a row of usual length; None where they cannot be counted.
    """

    reader: Reader
    scale: TargetScale
    net: nn.Module
    flops: float | None = None

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Return class probabilities or numbers."""
        from bakeoff.training.outputs import net_outputs

        raw = net_outputs(
            self.net,
            self.reader.rows(inputs, context),
            width=self.scale.width,
            device=context.device,
            threads=context.threads,
        )
        return to_predictions(inputs.ids, self.scale.predictions(raw))

    def save(self, folder: Path) -> None:
        """Write what the reader learned, and the weights."""
        from bakeoff.training.artefacts import save_net

        values, arrays = self.reader.state()
        save_state(folder, {**values, **self.scale.values(), "flops": self.flops}, arrays)
        self.reader.save_files(folder)
        save_net(folder, self.net)

    def facts(self) -> Facts:
        """Return the size of the net with all that it reads through, and a prediction's work."""
        learned = sum(weight.numel() for weight in self.net.parameters())
        kept = sum(item.numel() * item.element_size() for item in self.net.state_dict().values())
        return Facts(
            parameters=learned + self.reader.frozen_parameters(),
            trained_parameters=learned,
            flops_per_row=self.flops,
            model_bytes=kept + self.reader.n_bytes(),
        )
