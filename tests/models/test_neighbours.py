from __future__ import annotations

import numpy as np

from bakeoff.models.neighbours import base_of, choose_count, top, vote


def test_the_largest_come_first_and_ties_go_to_the_left():
    found = top(np.asarray([[1, 3, 2, 3, 0], [5, 5, 5, 5, 5]], np.float32), 3)
    assert found.tolist() == [[1, 3, 2], [0, 1, 2]]


def test_closer_neighbours_have_more_to_say():
    similarities = np.asarray([[1.0, 0.4, 0.4]], np.float32)
    found = vote(similarities, np.asarray([[0, 1, 1]]), np.asarray([0.5, 0.5]))
    np.testing.assert_allclose(found, [[1.05 / 1.9, 0.85 / 1.9]], rtol=1e-6)


def test_without_neighbours_the_base_decides():
    nothing = np.zeros((1, 2), np.float32)
    base = base_of(np.asarray([0, 1, 1, 1]), 3)
    np.testing.assert_allclose(vote(nothing, np.asarray([[0, 0]]), base), [[0.25, 0.75, 0]])
    mean = base_of(np.asarray([1.0, 3.0]), 0)
    np.testing.assert_allclose(vote(nothing, np.asarray([[9.0, 9.0]]), mean), [2.0])


def test_noisy_neighbours_are_asked_in_greater_number():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 400)
    noisy = np.where(rng.random((400, 40)) < 0.65, truth[:, None], 1 - truth[:, None])
    clear = np.where(np.arange(40) == 0, truth[:, None], rng.integers(0, 2, (400, 40)))
    base = np.asarray([0.5, 0.5])
    ones = np.ones((400, 40), np.float32)
    assert choose_count(ones, noisy, truth, base, 5) == 40
    assert choose_count(ones, clear, truth, base, 5) == 1
    assert choose_count(ones[:9], clear[:9], truth[:9], base, 5) == 5
