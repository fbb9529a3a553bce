"""Vectors of several columns as features."""

import numpy as np

from bakeoff.models.encoder_features import joined_features, unit_vectors


def test_two_columns_are_told_as_a_pair():
    u = np.array([[3, 4], [0, 2]], dtype=np.float32)
    v = np.array([[4, 3], [0, 5]], dtype=np.float32)
    found = joined_features([u, v])
    np.testing.assert_allclose(
        found,
        [
            [0.6, 0.8, 0.8, 0.6, 0.2, 0.2, 0.48, 0.48, 0.96],
            [0, 1, 0, 1, 0, 0, 0, 1, 1],
        ],
        atol=1e-6,
    )
    assert found.dtype == np.float32


def test_other_numbers_of_columns_stand_side_by_side():
    one = np.ones((2, 3), dtype=np.float32)
    assert np.array_equal(joined_features([one]), one)
    assert joined_features([one, one, one]).shape == (2, 9)


def test_rows_of_zeros_stay_zeros():
    assert np.array_equal(unit_vectors(np.zeros((1, 2), np.float32)), [[0, 0]])
