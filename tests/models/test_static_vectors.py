"""Static token vectors."""

import numpy as np

from bakeoff.models.static_vectors import StaticVectors, principal_components, zipf_weights

RNG = np.random.default_rng(0)


def test_components_keep_what_differs_most():
    vectors = (RNG.normal(size=(400, 3)) * [0.1, 5.0, 1.0] + 7).astype(np.float32)
    found = principal_components(vectors, 2)
    assert found.shape == (400, 2)
    np.testing.assert_allclose(found.mean(axis=0), 0, atol=1e-4)
    assert abs(np.corrcoef(found[:, 0], vectors[:, 1])[0, 1]) > 0.99
    assert abs(np.corrcoef(found[:, 1], vectors[:, 2])[0, 1]) > 0.99


def test_components_have_one_sign():
    vectors = RNG.normal(size=(50, 4)).astype(np.float32)
    np.testing.assert_allclose(
        principal_components(vectors, 4), principal_components(vectors[:, :].copy(), 4)
    )
    distances = np.linalg.norm(vectors[0] - vectors[1])
    found = principal_components(vectors, 4)
    np.testing.assert_allclose(np.linalg.norm(found[0] - found[1]), distances, rtol=1e-4)


def test_frequent_tokens_count_little():
    weights = zipf_weights(30_000)
    assert (np.diff(weights) > 0).all()
    assert 0 < weights[0] < 0.01
    assert 0.9 < weights[-1] < 1


def test_a_text_is_the_mean_direction_of_its_tokens():
    vectors = StaticVectors(np.array([[1, 0], [0, 1], [0, 0]], dtype=np.float16))
    found = vectors.means([np.array([0, 1, 1]), np.array([2]), np.array([], dtype=np.int32)])
    np.testing.assert_allclose(found, [[1 / 5**0.5, 2 / 5**0.5], [0, 0], [0, 0]], atol=1e-6)
    assert vectors.means([]).shape == (0, 2)


def test_dropped_tokens_never_count():
    vectors = RNG.normal(size=(20, 3)).astype(np.float32)
    table = StaticVectors.distil(vectors, 2, dropped=[4, 5]).table
    assert table.shape == (20, 2)
    assert (table[[4, 5]] == 0).all()
    assert (table[[3, 6]] != 0).all()
