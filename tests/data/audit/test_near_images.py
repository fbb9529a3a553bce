import io

import numpy as np
import pytest
from PIL import Image, ImageFilter, ImageOps

from bakeoff.data.audit.near_images import near_image_clusters


def _picture(seed, size=96):
    noise = np.random.default_rng(seed).integers(0, 256, (size, size, 3), dtype=np.uint8)
    return ImageOps.autocontrast(Image.fromarray(noise).filter(ImageFilter.GaussianBlur(6)))


def _bytes(image, kind="PNG", **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "copy",
    [
        lambda image: _bytes(image, "JPEG", quality=60),
        lambda image: _bytes(image, "WEBP", quality=60),
        lambda image: _bytes(image.resize((64, 64))),
        lambda image: _bytes(image.convert("L")),
        lambda image: _bytes(image.convert("RGBA")),
    ],
)
def test_a_copy_in_another_form_is_the_same_picture(copy):
    pictures = [_picture(seed) for seed in range(20)]
    encoded = [_bytes(picture) for picture in pictures] + [copy(picture) for picture in pictures]
    clusters = near_image_clusters(encoded)
    assert (clusters[:20] == clusters[20:]).all()
    assert len(np.unique(clusters)) == 20


def test_plain_pictures_of_different_grey_stay_apart():
    plain = [_bytes(Image.new("L", (32, 32), grey)) for grey in (0, 60, 120, 240)]
    assert len(np.unique(near_image_clusters(plain))) == 4


def test_deep_pictures_are_not_cut_to_white():
    rng = np.random.default_rng(0)
    deep = [_bytes(Image.fromarray(rng.integers(300, 65_000, (32, 32), np.uint16))) for _ in "ab"]
    assert len(np.unique(near_image_clusters(deep))) == 2


def test_missing_and_broken_pictures_stand_alone():
    encoded = [b"", b"broken", _bytes(_picture(0))]
    assert len(np.unique(near_image_clusters(encoded))) == 3
