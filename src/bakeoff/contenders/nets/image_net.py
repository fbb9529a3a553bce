"""What all nets that learn from pixels have in common: pictures in."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import numpy as np

from bakeoff.contenders.net_model import NET_CARD, NetContender, Reader
from bakeoff.core.errors import UsageError
from bakeoff.data.columns import ColumnType
from bakeoff.models.images import natural_side, small_pictures

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from torch import nn

    from bakeoff.contenders.base import Context
    from bakeoff.contenders.net_model import Kept
    from bakeoff.data.inputs import Inputs
    from bakeoff.models.nets.pixels import PixelNet
    from bakeoff.models.state import State
    from bakeoff.tasks.examples import Examples
    from bakeoff.training.loop import LabelledRows
    from bakeoff.training.rows import ArrayRows

IMAGE_NET_CARD = replace(
    NET_CARD, reads=frozenset({ColumnType.IMAGE}), needs=frozenset({ColumnType.IMAGE})
)

_LARGEST_SIDE, _SMALLEST_SIDE = 64, 8
_CHUNK_ROWS = 1024
_SIDES_PER_SHIFT = 16


@dataclass(frozen=True)
class ImageNet(NetContender):
    """A net over the pixels of all image columns; a subclass says which; more: `NetContender`.

    Pictures are stretched to squares; those of several columns lie upon one another as more
    channels; a missing one is grey.

    Args:
        augment: Changes made to the training pictures: ``"shift=2,flip,cutout=4"``; ``"auto"``:
            shifts of up to a sixteenth of the side for classes, nothing for numbers (which may say
            where a thing stands). Pictures are not mirrored by default, since many mean something
            else in the mirror (digits, letters, traffic signs).
        side: Of the squares, in pixels, from 8; None: the median of the pictures' shorter sides,
            from 8 to 64.
        dropout: Share of features left out while training.
    """

    epochs: int = 20
    least_steps: int = 300
    # The rate's cosine ends the training: most of what is learned comes late in it.
    patience: int | None = None
    learning_rate: float = 2e-3
    weight_decay: float = 0.05
    batch_rows: int = 64
    label_smoothing: float = 0.1
    augment: str = "auto"
    side: int | None = None
    dropout: float = 0.0

    def __post_init__(self) -> None:
        if self.side is not None and self.side < _SMALLEST_SIDE:
            raise UsageError(
                f"side={self.side} is too small", why=f"it is {_SMALLEST_SIDE} or more"
            )

    @abstractmethod
    def pixel_net(self, width: int, side: int, channels: int) -> PixelNet:
        """Return a net with fresh weights: ``net(pictures)`` gives ``(n, width)``."""

    def net(self, reader: Reader, width: int) -> nn.Module:
        """Return the net for the reader's pictures."""
        pixels = cast("PixelReader", reader)
        return self.pixel_net(width, pixels.side, pixels.channels)

    def settle(self, net: nn.Module, learn: LabelledRows) -> None:
        """Take the mean and deviation of the training pixels."""
        pictures = cast("ArrayRows", learn.rows).arrays["pictures"]
        cast("PixelNet", net).pixels.fit(cast("NDArray[np.uint8]", pictures))

    def augmentation(self, train: Examples, reader: Reader) -> str:
        """Return the changes made to the training pictures."""
        if self.augment != "auto":
            return self.augment
        side = cast("PixelReader", reader).side
        shift = side // _SIDES_PER_SHIFT if train.task.classes else 0
        return f"shift={shift}" if shift else ""

    def reader(self, inputs: Inputs, context: Context) -> PixelReader:
        """Return the reader with the side that suits these pictures."""
        del context
        columns = inputs.named(ColumnType.IMAGE)
        pictures = [picture for name in columns for picture in inputs.images(name)]
        return PixelReader(columns, self.side or natural_side(pictures, largest=_LARGEST_SIDE))

    def saved_reader(self, state: State, folder: Path) -> PixelReader:
        """Return the reader that was kept."""
        del folder
        return PixelReader(state.texts("columns"), int(state.number("side")))


@dataclass(frozen=True, slots=True)
class PixelReader(Reader):
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

    def rows(self, inputs: Inputs, context: Context) -> ArrayRows:
        """Return ``pictures``: ``(n, channels, side, side)``, uint8.

        Raises:
            ContenderError: A picture cannot be decoded.
        """
        from bakeoff.training.rows import ArrayRows

        del context
        found = np.empty((len(inputs), self.channels, self.side, self.side), dtype=np.uint8)
        for number, name in enumerate(self.columns):
            self._decode(inputs.images(name), found[:, 3 * number : 3 * number + 3])
        return ArrayRows({"pictures": found})

    def _decode(self, encoded: list[bytes], into: NDArray[np.uint8]) -> None:
        # In chunks, since decoded pictures are floats at first, four times as large.
        for start in range(0, len(encoded), _CHUNK_ROWS):
            values = small_pictures(encoded[start : start + _CHUNK_ROWS], self.side)
            into[start : start + _CHUNK_ROWS] = np.round(values * 255).transpose(0, 3, 1, 2)

    def state(self) -> Kept:
        """Return columns and side."""
        return {"columns": list(self.columns), "side": self.side}, {}
