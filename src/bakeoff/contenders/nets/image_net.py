"""What all nets that learn from pixels have in common: pictures in, a net trained from nothing."""

from __future__ import annotations

import math
from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.contenders.base import Card, Contender, Facts, Fitted
from bakeoff.core.errors import UsageError
from bakeoff.core.hashing import hash_parts
from bakeoff.data.columns import ColumnType
from bakeoff.models.images import natural_side, small_pictures
from bakeoff.models.outputs import to_predictions
from bakeoff.models.state import load_state, save_state
from bakeoff.training.recipe import passes_per_row

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from torch import nn

    from bakeoff.contenders.base import Context
    from bakeoff.data.inputs import Inputs
    from bakeoff.models.nets.pixels import PixelNet
    from bakeoff.tasks.examples import Examples
    from bakeoff.tasks.predictions import Predictions
    from bakeoff.tasks.spec import TaskSpec
    from bakeoff.training.recipe import Recipe
    from bakeoff.training.rows import ArrayRows
    from bakeoff.training.targets import TargetScale

IMAGE_NET_CARD = Card(
    name="",
    family="nets",
    summary="",
    kinds=frozenset({"classification", "regression"}),
    reads=frozenset({ColumnType.IMAGE}),
    needs=frozenset({ColumnType.IMAGE}),
    abilities=frozenset({"probabilities", "confidence", "torch"}),
    extras=("torch",),
    deterministic=False,
)
"""What the cards of all these nets say alike; each fills in the rest."""

_LARGEST_SIDE, _SMALLEST_SIDE = 64, 8
_CHUNK_ROWS = 1024
_SIDES_PER_SHIFT = 16


@dataclass(frozen=True)
class ImageNet(Contender):
    """A net over the pixels of all image columns; a subclass says which.

    Pictures are stretched to squares; those of several columns lie upon one another as more
    channels; a missing one is grey. Torch is imported when a fit begins, so that listing and
    planning do not need it.

    Args:
        side: Of the squares, in pixels, from 8; None: the median of the pictures' shorter sides,
            from 8 to 64.
        epochs: Passes over the rows; the plan's budget goes before it. The weights of the pass
            with the smallest validation loss are kept.
        least_steps: Where ``epochs`` passes have fewer steps than this, more passes are made.
        learning_rate: Peak of the schedule.
        optimiser: Name in `training.optimisers`.
        weight_decay: Of weight matrices and filters.
        batch_rows: Rows of a batch, at most.
        label_smoothing: Share of the target's mass spread over all classes.
        class_weights: ``"none"`` or ``"balanced"`` (a class counts inversely to its rows).
        augment: Changes made to the training pictures: ``"shift=2,flip,cutout=4"``; ``"auto"``:
            shifts of up to a sixteenth of the side for classes, nothing for numbers (which may say
            where a thing stands). Pictures are not mirrored by default, since many mean something
            else in the mirror (digits, letters, traffic signs).
        dropout: Share of features left out while training.
        precision: Of training: ``"auto"`` (bf16 where a probe shows a gain), ``"fp32"`` or
            ``"bf16"``. Predictions are made in fp32.
    """

    side: int | None = None
    epochs: int = 20
    least_steps: int = 300
    learning_rate: float = 2e-3
    optimiser: str = "adamw"
    weight_decay: float = 0.05
    batch_rows: int = 64
    label_smoothing: float = 0.1
    class_weights: str = "none"
    augment: str = "auto"
    dropout: float = 0.0
    precision: str = "auto"

    def __post_init__(self) -> None:
        if self.side is not None and self.side < _SMALLEST_SIDE:
            raise UsageError(
                f"side={self.side} is too small", why=f"it is {_SMALLEST_SIDE} or more"
            )

    @abstractmethod
    def net(self, width: int, side: int, channels: int) -> PixelNet:
        """Return a net with fresh weights: ``net(pictures)`` gives ``(n, width)``."""

    def fit_seconds(self, rows: int) -> float:
        """Return the CPU-seconds of a fit, by its passes: the card's are for the usual number."""
        passes = passes_per_row(rows, self.epochs, self.least_steps, self.batch_rows)
        return super().fit_seconds(rows) * passes / type(self).epochs

    def recipe(self, train: Examples, side: int, epochs: int | None) -> Recipe:
        """Return how it is trained on pictures of this side, with the budget's epochs if any."""
        from bakeoff.training.recipe import Recipe

        if epochs is None:
            steps_per_epoch = math.ceil(len(train) / self.batch_rows)
            epochs = max(self.epochs, math.ceil(self.least_steps / steps_per_epoch))
        augment = self.augment
        if augment == "auto":
            shift = side // _SIDES_PER_SHIFT if train.task.classes else 0
            augment = f"shift={shift}" if shift else ""
        return Recipe(
            epochs=epochs,
            # The rate's cosine ends the training: most of what is learned comes late in it.
            patience=epochs,
            learning_rate=self.learning_rate,
            batch_rows=self.batch_rows,
            optimiser=self.optimiser,
            weight_decay=self.weight_decay,
            label_smoothing=self.label_smoothing,
            class_weights=self.class_weights,
            augment=augment,
            precision=self.precision,
        )

    def fit(self, train: Examples, valid: Examples | None, context: Context) -> ImageNetFitted:
        """Learn the weights from ``train``; keep those that do best on ``valid``."""
        from bakeoff.training.loop import LabelledRows
        from bakeoff.training.loop import train as train_net
        from bakeoff.training.seeds import seeded
        from bakeoff.training.targets import TargetScale

        columns = train.inputs.named(ColumnType.IMAGE)
        side = self.side or _median_side(train.inputs, columns)
        reader = Reader(columns, side)
        scale = TargetScale.fit(train.targets, len(train.task.classes))
        pictures = reader.pictures(train.inputs)
        with seeded(context.seed, "weights"):
            net = self.net(scale.width, side, reader.channels)
        net.pixels.fit(pictures)
        held_out = None
        if valid is not None and len(valid):
            held_out = LabelledRows(reader.rows(valid.inputs), scale.tensor(valid.targets))
        trained = train_net(
            net,
            LabelledRows(_rows(pictures), scale.tensor(train.targets)),
            held_out,
            self.recipe(train, side, context.budget.epochs),
            context,
            key=hash_parts([self.name, train.inputs.ids.tobytes()]),
        )
        return ImageNetFitted(reader, scale, trained.net)

    def load(self, folder: Path, task: TaskSpec) -> ImageNetFitted:
        """Read back what `ImageNetFitted.save` wrote.

        Raises:
            ArtefactError: A file is absent, damaged, or of a net with other settings.
        """
        from bakeoff.training.artefacts import load_net
        from bakeoff.training.targets import TargetScale

        state = load_state(folder)
        reader = Reader(state.texts("columns"), int(state.number("side")))
        scale = TargetScale.of(state, len(task.classes))
        net = self.net(scale.width, reader.side, reader.channels)
        return ImageNetFitted(reader, scale, load_net(folder, net))


@dataclass(frozen=True, slots=True)
class Reader:
    """How rows become arrays of pixels.

    Args:
        columns: Image columns, in the order in which they lie upon one another.
        side: Of the squares that pictures are stretched to, in pixels.
    """

    columns: tuple[str, ...]
    side: int

    @property
    def channels(self) -> int:
        """Red, green and blue of each column."""
        return 3 * len(self.columns)

    def pictures(self, inputs: Inputs) -> NDArray[np.uint8]:
        """Return ``(n, channels, side, side)``, uint8.

        Raises:
            ContenderError: A picture cannot be decoded.
        """
        found = np.empty((len(inputs), self.channels, self.side, self.side), dtype=np.uint8)
        for number, name in enumerate(self.columns):
            encoded = inputs.images(name)
            # In chunks, since decoded pictures are floats at first, four times as large.
            for start in range(0, len(encoded), _CHUNK_ROWS):
                values = small_pictures(encoded[start : start + _CHUNK_ROWS], self.side)
                part = found[start : start + _CHUNK_ROWS, 3 * number : 3 * number + 3]
                part[...] = np.round(values * 255).transpose(0, 3, 1, 2)
        return found

    def rows(self, inputs: Inputs) -> ArrayRows:
        """Return the rows as a net reads them."""
        return _rows(self.pictures(inputs))


@dataclass(frozen=True, slots=True)
class ImageNetFitted(Fitted):
    """The side of the pictures and the trained net."""

    reader: Reader
    scale: TargetScale
    net: nn.Module

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Return class probabilities or numbers."""
        from bakeoff.training.outputs import net_outputs

        raw = net_outputs(
            self.net,
            self.reader.rows(inputs),
            width=self.scale.width,
            device=context.device,
            threads=context.threads,
        )
        return to_predictions(inputs.ids, self.scale.predictions(raw))

    def save(self, folder: Path) -> None:
        """Write columns, side and weights."""
        from bakeoff.training.artefacts import save_net

        columns = list(self.reader.columns)
        values = {"columns": columns, "side": self.reader.side, **self.scale.values()}
        save_state(folder, values, {})
        save_net(folder, self.net)

    def facts(self) -> Facts:
        """Return the number of weights, their bytes, and the work of a picture."""
        from bakeoff.training.flops import count_parameters, flops_per_row

        side, channels = self.reader.side, self.reader.channels
        # All pictures are of one size, so that any will do.
        blank = np.zeros((1, channels, side, side), dtype=np.uint8)
        weights = sum(item.numel() * item.element_size() for item in self.net.state_dict().values())
        return Facts(
            parameters=count_parameters(self.net),
            trained_parameters=count_parameters(self.net, learning=True),
            flops_per_row=flops_per_row(self.net.cpu(), _rows(blank)),
            model_bytes=weights,
        )


def _rows(pictures: NDArray[np.uint8]) -> ArrayRows:
    from bakeoff.training.rows import ArrayRows

    return ArrayRows({"pictures": pictures})


def _median_side(inputs: Inputs, columns: tuple[str, ...]) -> int:
    everything = [picture for name in columns for picture in inputs.images(name)]
    return natural_side(everything, largest=_LARGEST_SIDE)
