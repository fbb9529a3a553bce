from __future__ import annotations

import numpy as np

from bakeoff.models.boosting import BoostedTrees, BoostingSettings

SETTINGS = BoostingSettings(rounds=60)


def grid(n=200):
    rng = np.random.default_rng(0)
    return rng.random((n, 3)).astype(np.float32)


def test_classes_that_are_absent_get_no_probability():
    features = grid()
    codes = np.where(features[:, 0] > 0.5, 4, np.where(features[:, 1] > 0.5, 2, 0))
    trees = BoostedTrees.fit(features, codes, 5, SETTINGS)
    found = trees.outputs(features)
    assert (found.argmax(axis=1) == codes).mean() > 0.95
    assert (found[:, [1, 3]] == 0).all()
    np.testing.assert_allclose(found.sum(axis=1), 1)


def test_growing_stops_when_the_validation_loss_does():
    features, noise = grid(), np.random.default_rng(1).normal(size=200)
    valid = (grid()[::-1].copy(), noise)
    stopped = BoostedTrees.fit(features, noise, 0, SETTINGS, valid=valid)
    free = BoostedTrees.fit(features, noise, 0, BoostingSettings(rounds=120))
    assert stopped.booster.num_trees() < free.booster.num_trees()


def test_a_validation_class_that_training_lacks_does_no_harm():
    features = grid()
    codes = (features[:, 0] > 0.5).astype(int)
    valid = (features[:40], np.full(40, 2))
    assert BoostedTrees.fit(features, codes, 3, SETTINGS, valid=valid).outputs(features).shape == (
        200,
        3,
    )


def test_nothing_to_learn_gives_the_shares():
    trees = BoostedTrees.fit(grid(4), np.asarray([0, 1, 1, 1]), 2, SETTINGS)
    np.testing.assert_allclose(trees.outputs(grid(2)), [[0.25, 0.75]] * 2)


def test_state_survives_as_text():
    features = grid()
    trees = BoostedTrees.fit(features, features[:, 0].astype(float), 0, SETTINGS)
    again = BoostedTrees.of_text(trees.text(), trees.arrays("t"), "t")
    np.testing.assert_array_equal(again.outputs(features), trees.outputs(features))
