"""Pictures that look the same: perceptual hash (DCT) and, to be sure, their small grey copies.

A picture is made grey and 32 x 32; the signs of its lowest frequencies against their median make
63 bits. Two pictures are the same when at most 6 bits differ and their 16 x 16 copies differ by
at most 8 of 255 grey levels (root mean square): the second rule keeps apart plain or very small
pictures, whose bits say little. A re-encoded or rescaled copy passes both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bakeoff.data.audit.pairs import merge, pairs_sharing_a_key
from bakeoff.data.images import open_image

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from PIL.Image import Image

MOST_BITS = 6
MOST_GREY_LEVELS = 8.0
_SIDE = 32
_FREQUENCIES = 8
_BANDS = MOST_BITS + 1
"""If at most 6 bits differ, one of 7 bands of bits is equal."""


def near_image_clusters(pictures: Sequence[bytes]) -> NDArray[np.int64]:
    """Return the cluster of each encoded picture: ``(n,)``, int64; same-looking ones share it.

    Pictures that cannot be decoded (or are missing) stand alone unless their bytes are equal.
    """
    position_of: dict[bytes, int] = {}
    index = np.array([position_of.setdefault(p, len(position_of)) for p in pictures], np.int64)
    unique = list(position_of)
    grey, decoded = _grey(unique)
    bits = _bits(grey)
    small = grey.reshape(-1, 16, 2, 16, 2).mean(axis=(2, 4)).reshape(len(unique), 256)
    words = (bits.astype(np.uint64) << np.arange(bits.shape[1], dtype=np.uint64)).sum(axis=1)
    keys, rows = _bands(bits, np.flatnonzero(decoded))
    sizes = np.ones(len(unique), dtype=np.int64)
    labels = np.arange(len(unique), dtype=np.int64)
    for first, second in pairs_sharing_a_key(keys, rows, sizes, 1.0):
        close = np.bitwise_count(words[first] ^ words[second]) <= MOST_BITS
        first, second = first[close], second[close]
        difference = np.sqrt(((small[first] - small[second]) ** 2).mean(axis=1))
        same = difference <= MOST_GREY_LEVELS
        labels = merge(labels, first[same], second[same])
    return labels[index]


def _grey(pictures: Sequence[bytes]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return grey copies ``(n, 32, 32)``, float32 in 0..255, and which could be decoded."""
    grey = np.zeros((len(pictures), _SIDE, _SIDE), dtype=np.float32)
    decoded = np.zeros(len(pictures), dtype=np.bool_)
    for position, data in enumerate(pictures):
        try:
            grey[position] = _small_grey(open_image(data))
        except ValueError:
            continue
        decoded[position] = True
    return grey, decoded


def _small_grey(image: Image) -> NDArray[np.float32]:
    from PIL import Image as Pillow

    if image.mode.startswith(("I", "F")):
        # 16 bits and more: "L" would cut at 255, so the range is brought to it first.
        deep = np.asarray(image, dtype=np.float32)
        spread = float(np.ptp(deep)) or 1.0
        image = Pillow.fromarray(((deep - deep.min()) * (255 / spread)).astype(np.uint8))
    small = image.convert("L").resize((_SIDE, _SIDE), Pillow.Resampling.BOX)
    return np.asarray(small, dtype=np.float32)


def _bits(grey: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Return ``(n, 63)``, bool: low frequencies above their median (the mean grey left out)."""
    places = np.arange(_SIDE)
    cosines = np.cos(np.pi / _SIDE * np.outer(np.arange(_FREQUENCIES), places + 0.5))
    spectrum = np.einsum("ui,nij,vj->nuv", cosines, grey, cosines, optimize=True)
    low = spectrum.reshape(len(grey), -1)[:, 1:]
    return np.asarray(low > np.median(low, axis=1, keepdims=True), dtype=np.bool_)


def _bands(
    bits: NDArray[np.bool_], rows: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return a key for each band of bits of each row, and the rows."""
    keys = []
    for number, band in enumerate(np.array_split(np.arange(bits.shape[1]), _BANDS)):
        values = bits[rows][:, band].astype(np.int64) @ (1 << np.arange(len(band)))
        keys.append(values * _BANDS + number)
    return np.concatenate(keys), np.tile(rows, _BANDS)
