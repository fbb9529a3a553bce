"""Pictures are opened here in a guarded way: few formats, no bombs, no half files."""

from __future__ import annotations

import io
import struct
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff")
FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")
MOST_PIXELS = 89_478_485
"""Pillow warns from here on and refuses at twice as many; we refuse here (a third of a GiB)."""

_MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")


def looks_like_image(data: bytes) -> bool:
    """Return whether the first bytes are those of a format that is read here."""
    return data.startswith(_MAGIC) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")


def open_image(data: bytes) -> Image:
    """Return a decoded picture (of an animation: its first frame).

    Raises:
        ValueError: It is empty, of another format, damaged, or too large; the message says which.
    """
    from PIL import Image, UnidentifiedImageError

    if not data:
        raise ValueError("the picture is empty (0 bytes)")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=FORMATS)
            if image.width * image.height > MOST_PIXELS:
                raise ValueError(_too_large(f"{image.width:,} x {image.height:,} pixels"))
            image.load()
    except UnidentifiedImageError as error:
        raise ValueError(f"not a picture in {', '.join(FORMATS)}") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValueError(_too_large(str(error).partition(",")[0])) from error
    except (OSError, SyntaxError, EOFError, struct.error, IndexError) as error:
        raise ValueError(f"the picture is damaged: {error}") from error
    return image


def fault(data: bytes) -> str:
    """Return why a picture cannot be used, or ``""``."""
    try:
        open_image(data)
    except ValueError as error:
        return str(error)
    return ""


def _too_large(size: str) -> str:
    return f"the picture is too large (a decompression bomb?): {size}; allowed {MOST_PIXELS:,}"
