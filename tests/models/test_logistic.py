from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression as Theirs

from bakeoff.models.logistic import LogisticRegression


def problem(n_classes, n=300, f=12):
    rng = np.random.default_rng(n_classes)
    features = rng.normal(size=(n, f)).astype(np.float32)
    logits = features @ rng.normal(size=(f, n_classes)) + rng.gumbel(size=(n, n_classes))
    return features, logits.argmax(axis=1)


@pytest.mark.parametrize("n_classes", [2, 3, 9])
@pytest.mark.parametrize("sparse", [False, True])
def test_probabilities_are_those_of_scikit_learn(n_classes, sparse):
    features, codes = problem(n_classes)
    theirs = Theirs(C=0.5, tol=1e-8, max_iter=1000).fit(features.astype(np.float64), codes)
    given = sp.csr_matrix(features) if sparse else features
    ours = LogisticRegression.fit(given, codes, n_classes, C=0.5, iterations=300)
    np.testing.assert_allclose(
        ours.outputs(given), theirs.predict_proba(features.astype(np.float64)), atol=2e-2
    )


def test_a_class_that_was_absent_gets_no_probability():
    features, codes = problem(3)
    ours = LogisticRegression.fit(features, codes * 2, 6, C=1)
    found = ours.outputs(features)
    assert found.shape == (300, 6)
    assert (found[:, [1, 3, 5]] == 0).all()
    np.testing.assert_allclose(found.sum(axis=1), 1)


def test_one_class_is_certain():
    features, _ = problem(2)
    ours = LogisticRegression.fit(features, np.ones(300, int), 2, C=1)
    assert (ours.outputs(features) == [0, 1]).all()


def test_no_features_give_the_shares_of_the_classes():
    ours = LogisticRegression.fit(
        np.zeros((8, 0), np.float32), np.asarray([0, 0, 0, 1, 1, 2, 2, 2]), 3, C=1
    )
    found = ours.outputs(np.zeros((1, 0), np.float32))
    np.testing.assert_allclose(found, [[3 / 8, 2 / 8, 3 / 8]], atol=1e-2)


def test_state_survives_as_arrays():
    features, codes = problem(3)
    ours = LogisticRegression.fit(features, codes, 3, C=1)
    again = LogisticRegression.of_arrays(ours.arrays("h"), "h")
    np.testing.assert_array_equal(again.outputs(features), ours.outputs(features))


@pytest.mark.parametrize("n_classes", [2, 4])
def test_shares_of_classes_count_as_rows_of_that_weight(n_classes):
    features, codes = problem(n_classes, n=60)
    others = (codes + 1) % n_classes
    shares = np.zeros((60, n_classes))
    shares[np.arange(60), codes], shares[np.arange(60), others] = 0.75, 0.25
    soft = LogisticRegression.fit(features, shares, n_classes, C=1, iterations=300)
    four = np.concatenate([features] * 4)
    hard = LogisticRegression.fit(
        four, np.concatenate([codes, codes, codes, others]), n_classes, C=0.25, iterations=300
    )
    np.testing.assert_allclose(soft.outputs(features), hard.outputs(features), atol=2e-2)


def test_shares_that_are_all_one_class_are_that_class():
    features, codes = problem(3)
    hard = LogisticRegression.fit(features, codes, 4, C=1)
    soft = LogisticRegression.fit(features, np.eye(4)[codes], 4, C=1)
    np.testing.assert_allclose(soft.outputs(features), hard.outputs(features), atol=1e-3)


def test_few_rows_draw_a_model_away_by_little_and_many_by_much():
    features, codes = problem(3)
    model = LogisticRegression.fit(features, codes, 3, C=1)
    turned = (codes + 1) % 3
    near, far = (model.adapted(features, turned, C=c).weights for c in (1e-4, 10))
    assert np.abs(near - model.weights)[:-1].max() < 0.1
    assert np.abs(far - model.weights)[:-1].max() > 0.5


@pytest.mark.parametrize("first", [1, 2, 3])
def test_a_model_learns_a_class_that_is_new_to_it(first):
    features, codes = problem(4)
    known = codes < first
    model = LogisticRegression.fit(features[known], codes[known], 4, C=1)
    adapted = model.adapted(features, codes, C=10)
    assert adapted.present.tolist() == [0, 1, 2, 3]
    assert (adapted.outputs(features).argmax(axis=1) == codes).mean() > 0.6
