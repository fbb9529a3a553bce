from __future__ import annotations

import numpy as np
import pytest
from skimage.feature import hog as theirs

from bakeoff.models.hog import hog


@pytest.mark.parametrize(("side", "cell"), [(32, 8), (32, 4), (30, 4)])
def test_features_are_those_of_scikit_image(side, cell):
    pictures = np.random.default_rng(0).random((3, side, side, 3)).astype(np.float32)
    ours = hog(pictures, cell=cell)
    for picture, found in zip(pictures, ours, strict=True):
        expected = theirs(
            picture.astype(np.float64),
            orientations=9,
            pixels_per_cell=(cell, cell),
            cells_per_block=(2, 2),
            block_norm="L2-Hys",
            channel_axis=-1,
        )
        np.testing.assert_allclose(found, expected, atol=1e-5)


def test_pictures_smaller_than_a_block_have_no_features():
    assert hog(np.zeros((2, 4, 4, 3), np.float32), cell=4).shape == (2, 0)


def test_no_pictures_give_no_rows():
    assert hog(np.zeros((0, 16, 16, 3), np.float32)).shape == (0, 3 * 3 * 36)
