from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from bakeoff.core.errors import ContenderError
from bakeoff.models.images import natural_side, small_pictures


def encoded(picture, kind="PNG", **options):
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def halves(mode="RGB", left=(255, 0, 0), right=(0, 0, 255)):
    picture = Image.new(mode, (16, 16), left)
    picture.paste(Image.new(mode, (8, 16), right), (8, 0))
    return picture


def read(data, side=8):
    return small_pictures([data], side)[0]


def test_pixels_are_rgb_from_0_to_1():
    found = read(encoded(halves()))
    np.testing.assert_allclose(found[4, 0], [1, 0, 0])
    np.testing.assert_allclose(found[4, 7], [0, 0, 1])


def test_a_turned_photo_is_turned_back():
    exif = Image.Exif()
    exif[0x0112] = 6
    found = read(encoded(halves(), exif=exif))
    assert found[0, 4, 0] > 0.9
    assert found[7, 4, 2] > 0.9


def test_what_is_transparent_is_white():
    np.testing.assert_allclose(read(encoded(Image.new("RGBA", (9, 9), (0, 0, 0, 0)))), 1)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "CMYK", "RGBA"])
def test_every_mode_is_read(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert read(encoded(halves().convert(mode), kind)).shape == (8, 8, 3)


def test_16_bits_keep_their_shades():
    values = np.linspace(0, 65535, 256).astype(np.uint16).reshape(16, 16)
    found = read(encoded(Image.fromarray(values)))
    assert 0 <= found[0, 0, 0] < 0.1
    assert found[-1, -1, 0] > 0.9


def test_of_a_film_the_first_picture_counts():
    frames = [Image.new("RGB", (8, 8), "white"), Image.new("RGB", (8, 8), "black")]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    np.testing.assert_allclose(read(data), 1)


def test_a_missing_picture_is_grey():
    np.testing.assert_allclose(read(b""), 0.5)


@pytest.mark.parametrize("data", [b"not a picture", encoded(halves())[:60]])
def test_a_broken_picture_is_named(data):
    with pytest.raises(ContenderError, match="picture 1 of 2"):
        small_pictures([b"", data], 8)


def test_a_bomb_is_refused():
    with pytest.raises(ContenderError, match="too many"):
        read(encoded(Image.new("1", (8100, 8000))))


def test_the_natural_side_is_that_of_small_pictures_and_bounded():
    assert natural_side([encoded(Image.new("L", (12, 20)))] * 3) == 12
    assert natural_side([encoded(Image.new("L", (400, 300)))]) == 32
    assert natural_side([b""]) == 8
