"""Data sets that ship with scikit-learn: ``sklearn:digits`` (pictures) and four tables."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from bakeoff.core.errors import UsageError, did_you_mean
from bakeoff.data.columns import Column, ColumnType
from bakeoff.data.readers.base import RawTable
from bakeoff.data.readers.cells import content_hash
from bakeoff.data.readers.frames import read_pandas

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TABLES = ("iris", "wine", "breast_cancer", "diabetes")


def read(source: str, location: str) -> RawTable:
    """Read a data set that is part of scikit-learn; nothing is downloaded.

    Raises:
        UsageError: There is none of this name.
    """
    import sklearn.datasets

    name = source.partition(":")[2]
    if name == "digits":
        return _digits()
    if name not in _TABLES:
        raise UsageError(f"no '{location}'", fix=did_you_mean(name, ("digits", *_TABLES)))
    bunch = getattr(sklearn.datasets, f"load_{name}")(as_frame=True)
    frame = bunch.frame
    if name != "diabetes":
        frame["target"] = [str(bunch.target_names[code]) for code in frame["target"]]
    return read_pandas(frame, location)


def _digits() -> RawTable:
    from sklearn.datasets import load_digits

    bunch = load_digits()
    pictures = np.round(bunch.images * (255 / 16)).astype(np.uint8)
    table = pa.table(
        {
            "image": pa.array([_png(picture) for picture in pictures], pa.large_binary()),
            "label": pa.array([str(digit) for digit in bunch.target], pa.large_string()),
        }
    )
    return RawTable(
        table,
        np.arange(len(pictures), dtype=np.int64),
        len(pictures),
        content_hash(table),
        known={
            "image": Column("image", ColumnType.IMAGE, "8 x 8 grey pictures"),
            "label": Column("label", ColumnType.CATEGORY, "the digit"),
        },
    )


def _png(picture: NDArray[np.uint8]) -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG")
    return buffer.getvalue()
