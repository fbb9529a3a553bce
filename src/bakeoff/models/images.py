"""Encoded pictures as small arrays, read with care: any mode, any turn, no bombs."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.core.errors import ContenderError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from PIL.Image import Image

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")
MOST_PIXELS = 64_000_000
_LARGEST_SIDE, _SMALLEST_SIDE = 32, 8


def small_pictures(pictures: Sequence[bytes], side: int) -> NDArray[np.float32]:
    """Return the pictures stretched to squares: ``(n, side, side, 3)``, float32, RGB in 0 to 1.

    A missing picture (``b""``) is grey all over.

    Raises:
        ContenderError: A picture cannot be decoded; its position and the reason are named.
    """
    found = np.full((len(pictures), side, side, 3), 0.5, dtype=np.float32)
    for position, data in enumerate(pictures):
        if data:
            try:
                found[position] = _decode(data, side)
            except (OSError, ValueError, SyntaxError) as error:
                raise ContenderError(
                    f"picture {position} of {len(pictures)} cannot be decoded: {error}"
                ) from error
    return found


def rgb_picture(data: bytes) -> Image:
    """Return a picture in its own size as RGB, turned as its maker meant it.

    Raises:
        OSError, ValueError, SyntaxError: It cannot be decoded, or has too many pixels.
    """
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
        _check_size(picture)
        return _to_rgb(ImageOps.exif_transpose(picture))


def natural_side(pictures: Sequence[bytes], *, largest: int = _LARGEST_SIDE) -> int:
    """Return the side that suits the pictures: the median of their shorter sides, from 8.

    Args:
        pictures: Encoded; those that are missing (``b""``) do not count.
        largest: In pixels; what costs too much above it, or says no more.
    """
    from PIL import Image

    sides = []
    for data in pictures:
        if data:
            with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
                sides.append(min(picture.size))
    if not sides:
        return _SMALLEST_SIDE
    return int(np.clip(np.median(sides), _SMALLEST_SIDE, largest))


def _decode(data: bytes, side: int) -> NDArray[np.float32]:
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
        _check_size(picture)
        # Lets a large JPEG be decoded at a fraction of its size.
        picture.draft("RGB", (2 * side, 2 * side))
        turned = ImageOps.exif_transpose(picture)
        plain = _to_rgb(turned).resize((side, side), Image.Resampling.BILINEAR)
        return np.asarray(np.asarray(plain) / 255, dtype=np.float32)


def _check_size(picture: Image) -> None:
    if picture.width * picture.height > MOST_PIXELS:
        raise ValueError(f"{picture.width} x {picture.height} pixels are too many")


def _to_rgb(picture: Image) -> Image:
    """Return the (first) frame as RGB: alpha on white, 16 and 32 bits brought down to 8."""
    from PIL import Image

    if picture.mode.startswith("I") or picture.mode == "F":
        values = np.asarray(picture, dtype=np.float64)
        # Pillow's own conversion clips at 255 and turns most 16-bit pictures white.
        largest = 65535.0 if values.max() > 255 else 255.0
        grey = np.clip(values / largest * 255, 0, 255).astype(np.uint8)
        return Image.fromarray(grey).convert("RGB")
    if picture.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        white = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(white, layer).convert("RGB")
    return picture.convert("RGB")
