"""A linear model on scaled features."""

import numpy as np

from bakeoff.models.linear_head import held_out_loss
from bakeoff.models.scaled_head import ScaledHead


def rows(n, seed, scale=1000.0):
    rng = np.random.default_rng(seed)
    targets = rng.integers(0, 2, n)
    features = rng.normal(size=(n, 30)) + targets[:, None] * 0.3
    return (features * scale).astype(np.float32), targets


def test_scale_does_not_matter():
    small = ScaledHead.fit(rows(200, 0, 1e-3), None, 2, 0.1).outputs(rows(50, 1, 1e-3)[0])
    large = ScaledHead.fit(rows(200, 0, 1e3), None, 2, 0.1).outputs(rows(50, 1, 1e3)[0])
    np.testing.assert_allclose(small, large, atol=1e-4)


def test_the_penalty_is_chosen_on_held_out_rows_and_these_are_learned_from_too():
    train, valid, test = rows(60, 0), rows(200, 1), rows(500, 2)
    chosen = ScaledHead.fit(train, valid, 2, None)
    loose = ScaledHead.fit(train, valid, 2, 30.0)
    losses = [held_out_loss(head.outputs(test[0]), test[1]) for head in (chosen, loose)]
    assert losses[0] < losses[1]
    alone = ScaledHead.fit(train, None, 2, None)
    assert not np.allclose(alone.outputs(test[0]), chosen.outputs(test[0]), atol=0.01)


def test_what_is_saved_comes_back():
    head = ScaledHead.fit(rows(60, 0), None, 0, 0.1)
    again = ScaledHead.of_arrays(head.arrays("x"), "x", 0)
    fresh = rows(9, 3)[0]
    assert np.array_equal(again.outputs(fresh), head.outputs(fresh))
    assert head.n_weights == 31
    assert head.n_bytes == 30 * 4 * 2 + 31 * 8
