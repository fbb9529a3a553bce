from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from bakeoff.models.ridge import Ridge


@pytest.mark.parametrize("sparse", [False, True])
def test_weights_solve_the_normal_equations(sparse):
    rng = np.random.default_rng(0)
    features = rng.normal(size=(80, 5)).astype(np.float32)
    targets = features @ rng.normal(size=5) + 3 + rng.normal(size=80)
    given = sp.csr_matrix(features) if sparse else features
    found = Ridge.fit(given, targets, alpha=2.0)
    centred = features - features.mean(axis=0)
    exact = np.linalg.solve(
        centred.T @ centred + 2 * np.eye(5), centred.T @ (targets - targets.mean())
    )
    np.testing.assert_allclose(found.weights[:-1], exact, rtol=1e-2)
    assert found.outputs(given).mean() == pytest.approx(targets.mean(), rel=1e-3)


def test_no_features_give_the_mean():
    found = Ridge.fit(sp.csr_matrix((3, 0), dtype=np.float32), np.asarray([1.0, 2, 6]), alpha=1)
    assert found.outputs(sp.csr_matrix((2, 0), dtype=np.float32)).tolist() == [3.0, 3.0]
