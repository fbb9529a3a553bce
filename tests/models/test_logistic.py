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
