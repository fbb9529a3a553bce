"""Frozen features of pictures from a net in a file: TFLite or ONNX, whatever made it."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np

from bakeoff.core.errors import ContenderError, UsageError
from bakeoff.core.row_cache import RowCache
from bakeoff.models.images import small_pictures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bakeoff.core.row_cache import CachedRows
    from bakeoff.core.store import Store
    from bakeoff.models.net_files import NetFile

USUAL_SIDE = 224
"""Side of the pictures for a net that takes any size."""

_SHIFTS = {
    "unit": ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0)),
    "signed": ((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
    "imagenet": ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
}
SCALINGS = ("auto", *_SHIFTS)


@dataclass(frozen=True, slots=True)
class PictureInput:
    """What a net wants to see.

    Args:
        side: Height and width in pixels.
        channels_first: ``(3, side, side)`` (else ``(side, side, 3)``).
        dtype: ``"float32"``, ``"uint8"`` or ``"int8"``.
        scale: Of quantised values: the real value is ``scale * (value - zero_point)``.
        zero_point: Of quantised values.
    """

    side: int
    channels_first: bool
    dtype: str
    scale: float = 0.0
    zero_point: int = 0

    @classmethod
    def of_shape(cls, name: str, shape: Sequence[int | None], dtype: str) -> PictureInput:
        """Return the input that a tensor's shape says, None where the net takes any length.

        Raises:
            ContenderError: It is no batch of square pictures of three channels.
        """
        shown = " x ".join("any" if n is None else str(n) for n in shape)
        if len(shape) != 4 or shape[0] not in (None, 1) or 3 not in (shape[1], shape[3]):
            raise ContenderError(
                f"its input '{name}' is {shown}: not one picture of three channels (1 x 3 x side "
                "x side, or 1 x side x side x 3)"
            )
        channels_first = shape[1] == 3
        height, width = shape[2:] if channels_first else shape[1:3]
        if height != width:
            raise ContenderError(f"its input '{name}' is {shown}: only square pictures are made")
        if dtype not in ("float32", "uint8", "int8"):
            raise ContenderError(f"its input '{name}' is {dtype}, not float32, uint8 or int8")
        return cls(height or USUAL_SIDE, channels_first, dtype)

    def tensor(self, picture: NDArray[np.float32], scaling: str) -> NDArray[np.generic]:
        """Return one picture as the net takes it, the axis of the batch in front.

        Args:
            picture: ``(side, side, 3)``, float32, RGB in 0 to 1.
            scaling: ``"unit"`` (0 to 1), ``"signed"`` (-1 to 1), ``"imagenet"`` (its means and
                deviations), or ``"auto"``: pixels as they are for integers; for floats as nets of
                the layout are commonly trained, ``"imagenet"`` with channels first, else
                ``"signed"``.
        """
        if scaling == "auto" and self.dtype != "float32":
            # Quantised nets are made for pixels: quantising undoes the colours' shift and scale.
            values = np.rint(picture * 255) - (128 if self.dtype == "int8" else 0)
        else:
            if scaling == "auto":
                scaling = "imagenet" if self.channels_first else "signed"
            means, deviations = np.array(_SHIFTS[scaling], dtype=np.float32)
            values = (picture - means) / deviations
            if self.dtype != "float32":
                values = np.rint(values / (self.scale or 1 / 255)) + self.zero_point
        if self.dtype != "float32":
            limits = np.iinfo(self.dtype)
            values = np.clip(values, limits.min, limits.max)
        if self.channels_first:
            values = values.transpose(2, 0, 1)
        return np.ascontiguousarray(values[None], dtype=self.dtype)


class RunningNet(Protocol):
    """A net that was opened, cut off behind one of its layers."""

    @property
    def picture(self) -> PictureInput:
        """What it wants to see."""

    @property
    def layer(self) -> str:
        """Name of the tensor that it gives."""

    @property
    def is_output(self) -> bool:
        """Whether that is the net's own output, nothing cut off."""

    @property
    def parameters(self) -> int:
        """Number of weights in the file."""

    def run(self, tensor: NDArray[np.generic]) -> NDArray[np.generic]:
        """Return the layer's values for one picture, the axis of the batch in front."""


@dataclass(frozen=True, eq=False)
class FeatureNet:
    """A net's file as a function from pictures to features; may be shared by threads.

    Args:
        file: The net.
        layer: Name of the tensor whose values are the features; None: what goes into the last
            linear layer.
        scaling: As in `PictureInput.tensor`.
        grid: 1: features of the whole picture; more: of so many times so many cells, from the
            layer before the net takes the mean over places.
    """

    file: NetFile
    layer: str | None = None
    scaling: str = "auto"
    grid: int = 1
    _opened: dict[int, RunningNet] = field(default_factory=dict, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def __post_init__(self) -> None:
        check_scaling(self.scaling)

    def opened(self, threads: int) -> RunningNet:
        """Return the net as it runs with so many threads, opened once.

        Raises:
            ContenderError: The file is damaged, of no picture net, or has no such layer.
            MissingExtraError: The package that runs it is not installed.
        """
        if threads not in self._opened:
            try:
                self._opened[threads] = _open(self.file, self.layer, threads, places=self.grid > 1)
            except ContenderError as error:
                raise ContenderError(f"'{self.file.name}' cannot be used: {error}") from error
        return self._opened[threads]

    def cut_off(self, threads: int) -> bool:
        """Return whether features are of a layer before the net's output; errors as in `opened`."""
        return not self.opened(threads).is_output

    def shape(self, threads: int) -> tuple[int, int]:
        """Return how many cells a picture has, and features a cell; errors as in `opened`."""
        with self._lock:
            net = self.opened(threads)
            cells, width = self._cells(net, b"").shape
        return int(cells), int(width)

    def key(self, threads: int) -> dict[str, str | int]:
        """Return what features depend on, beside the picture; errors as in `opened`."""
        layer = self.opened(threads).layer
        return {
            "net": self.file.sha256,
            "layer": layer,
            "scaling": self.scaling,
            "grid": self.grid,
        }

    def cached(
        self, keys: Sequence[str], pictures: Sequence[bytes], store: Store, threads: int
    ) -> CachedRows:
        """Return what `features` gives, each picture's made once for all folds and runs.

        Args:
            keys: ``n`` SHA-256 of the pictures' content.
            pictures: ``n``, encoded.
            store: Where features are kept.
            threads: Threads to use.

        Raises:
            ContenderError: A picture cannot be decoded, or as in `opened`.
        """
        key = {"what": "feature-net", **self.key(threads)}

        def make(positions: NDArray[np.int64]) -> NDArray[np.float32]:
            return self.features([pictures[i] for i in positions], threads)

        return RowCache(store, key, math.prod(self.shape(threads))).rows(keys, make)

    def features(self, pictures: Sequence[bytes], threads: int) -> NDArray[np.float32]:
        """Return ``(n, cells * width)``, float32; a missing picture (``b""``) is grey all over.

        Pictures go through one by one, so that none depends on its neighbours.

        Raises:
            ContenderError: A picture cannot be decoded, or as in `opened`.
        """
        with self._lock:
            net = self.opened(threads)
            rows = []
            for position, data in enumerate(pictures):
                try:
                    rows.append(self._cells(net, data).ravel())
                except ContenderError as error:
                    raise ContenderError(f"{position + 1} of {len(pictures)}: {error}") from error
        return np.stack(rows)

    def _cells(self, net: RunningNet, data: bytes) -> NDArray[np.float32]:
        picture = small_pictures([data], net.picture.side)[0]
        values = net.run(net.picture.tensor(picture, self.scaling))
        return as_cells(values, self.grid, channels_first=net.picture.channels_first)


def _open(file: NetFile, layer: str | None, threads: int, *, places: bool) -> RunningNet:
    if file.suffix == ".tflite":
        from bakeoff.models.tflite_net import open_tflite

        return open_tflite(file, layer, threads, places=places)
    from bakeoff.models.onnx_net import open_onnx

    return open_onnx(file, layer, threads, places=places)


def check_scaling(scaling: str) -> None:
    """Check a name of `SCALINGS`.

    Raises:
        UsageError: It is none.
    """
    if scaling not in SCALINGS:
        raise UsageError(f"scaling={scaling} is not known", why=f"it is {', '.join(SCALINGS)}")


def as_cells(
    values: NDArray[np.generic], grid: int, *, channels_first: bool
) -> NDArray[np.float32]:
    """Return one picture's values of a layer as means over cells: ``(cells, width)``, float32.

    Args:
        values: ``(1, width)``: one cell; ``(1, tokens, width)``: tokens in groups; or four axes
            with places in two of them.
        grid: Cells along either side, at most; 1: one cell, the mean over all.
        channels_first: Whether of four axes the second is the channel.
    """
    exact = np.asarray(values, dtype=np.float64)[0]
    if exact.ndim == 3:
        places = exact.transpose(1, 2, 0) if channels_first else exact
        rows = np.array_split(places, min(grid, places.shape[0]), axis=0)
        parts = [p for row in rows for p in np.array_split(row, min(grid, row.shape[1]), axis=1)]
    else:
        tokens = exact.reshape(-1, exact.shape[-1] if exact.ndim else 1)
        parts = np.array_split(tokens, min(grid**2, len(tokens)))
    means = [part.reshape(-1, part.shape[-1]).mean(axis=0) for part in parts]
    return np.stack(means).astype(np.float32)
