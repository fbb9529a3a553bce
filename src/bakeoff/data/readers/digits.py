"""Data sets of scikit-learn: ``sklearn:digits``, ``sklearn:digits-angle`` and four tables."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from bakeoff.core.errors import UsageError, did_you_mean
from bakeoff.core.seeds import generator
from bakeoff.data.columns import Column, ColumnType
from bakeoff.data.readers.base import RawTable
from bakeoff.data.readers.cells import content_hash
from bakeoff.data.readers.frames import read_pandas

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TABLES = ("iris", "wine", "breast_cancer", "diabetes")
_PICTURES = ("digits", "digits-angle")
_LARGEST_ANGLE_DEGREES = 45
_TURNED_SIDE = 16


def read(source: str, location: str) -> RawTable:
    """Read a data set that is part of scikit-learn; nothing is downloaded.

    Raises:
        UsageError: There is none of this name.
    """
    import sklearn.datasets

    name = source.partition(":")[2]
    if name == "digits":
        return _digits()
    if name == "digits-angle":
        return _turned_digits()
    if name not in _TABLES:
        raise UsageError(f"no '{location}'", fix=did_you_mean(name, (*_PICTURES, *_TABLES)))
    bunch = getattr(sklearn.datasets, f"load_{name}")(as_frame=True)
    frame = bunch.frame
    if name != "diabetes":
        frame["target"] = [str(bunch.target_names[code]) for code in frame["target"]]
    return read_pandas(frame, location)


def _digits() -> RawTable:
    from sklearn.datasets import load_digits

    bunch = load_digits()
    labels = pa.array([str(digit) for digit in bunch.target], pa.large_string())
    return _pictures(
        [_png(picture) for picture in _grey(bunch.images)],
        "8 x 8 grey pictures",
        labels,
        Column("label", ColumnType.CATEGORY, "the digit"),
    )


def _turned_digits() -> RawTable:
    """Return every digit turned by an angle of its own, drawn once and for all; no label.

    A case of regression from pictures: how far is each turned?
    """
    from sklearn.datasets import load_digits

    pictures = _grey(load_digits().images)
    drawn = generator(0, "digits-angle").uniform(-1, 1, len(pictures))
    angles = np.round(drawn * _LARGEST_ANGLE_DEGREES, 2)
    return _pictures(
        [
            _png(_turned(picture, angle))
            for picture, angle in zip(pictures, angles.tolist(), strict=True)
        ],
        f"{_TURNED_SIDE} x {_TURNED_SIDE} grey pictures",
        pa.array(angles, pa.float64()),
        Column("angle", ColumnType.NUMBER, "degrees, counter-clockwise"),
    )


def _pictures(pictures: list[bytes], reason: str, target: pa.Array, column: Column) -> RawTable:
    table = pa.table({"image": pa.array(pictures, pa.large_binary()), column.name: target})
    return RawTable(
        table,
        np.arange(len(pictures), dtype=np.int64),
        len(pictures),
        content_hash(table),
        known={"image": Column("image", ColumnType.IMAGE, reason), column.name: column},
    )


def _grey(images: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Return ``(n, 8, 8)`` from 0 to 255, of values from 0 to 16."""
    return np.asarray(np.round(images * (255 / 16)), dtype=np.uint8)


def _turned(picture: NDArray[np.uint8], degrees: float) -> NDArray[np.uint8]:
    """Return ``(16, 16)``: the ``(8, 8)`` picture, larger, turned about its centre."""
    from PIL import Image

    # With this margin the corners stay on the canvas, and no cut edge betrays the angle.
    canvas = Image.fromarray(np.pad(picture, 2))
    large = canvas.resize((_TURNED_SIDE, _TURNED_SIDE), Image.Resampling.BICUBIC)
    return np.asarray(large.rotate(degrees, Image.Resampling.BILINEAR))


def _png(picture: NDArray[np.uint8]) -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG")
    return buffer.getvalue()
