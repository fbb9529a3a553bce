"""The four steps of back-propagation give autograd's gradients."""

from __future__ import annotations

import numpy as np
import pytest

from bakeoff.apps.families import backprop

pytest.importorskip("torch")
from bakeoff.apps.families.backprop_check import check


@pytest.fixture(scope="module")
def checked():
    return check()


def test_every_gradient_is_autograds(checked):
    assert set(checked.differences) == {"W1", "b1", "W2", "b2"}
    assert checked.largest_difference < 1e-10


def test_the_comparison_is_of_gradients_that_are_not_nothing(checked):
    assert min(checked.norms.values()) > 1e-4


def test_both_ways_go_down_the_same_path(checked):
    np.testing.assert_allclose(checked.losses, checked.autograd_losses, atol=1e-10)
    assert checked.losses[-1] < 0.5 * checked.losses[0]


def test_a_wrong_sign_in_the_way_back_would_be_seen():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(8, 2)), np.eye(2)[rng.integers(2, size=8)]
    weights = backprop.initial_weights(2, 4, 2, seed=1)
    passed = backprop.forward(weights, x)
    gradients = backprop.backward(weights, passed, backprop.output_error(passed, y))
    down = backprop.update(weights, gradients, 0.1)
    up = backprop.update(weights, gradients, -0.1)
    losses = [backprop.loss(backprop.forward(one, x), y) for one in (down, weights, up)]
    assert losses == sorted(losses)
