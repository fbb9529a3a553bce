"""Tests over folds against baycomp and the published formula."""

import baycomp
import numpy as np
import pytest
from scipy.stats import t

from bakeoff.statistics.learners import corrected_t, correlated_t


def test_the_posterior_equals_baycomp():
    random = np.random.default_rng(0)
    for _ in range(200):
        folds, runs = int(random.choice([3, 5, 10])), int(random.choice([1, 3, 5]))
        first, second = random.normal(0.8, 0.03, (2, folds * runs))
        rope = float(random.choice([0.01, 0.03]))
        # baycomp's p_left is the probability that its first argument is the better one.
        better, equivalent, worse = baycomp.CorrelatedTTest.probs(first, second, rope, runs=runs)
        ours = correlated_t(first - second, n_train=folds - 1, n_test=1, rope=rope)
        assert (ours.better, ours.equivalent, ours.worse) == pytest.approx(
            (better, equivalent, worse), abs=1e-9
        )


def test_a_clearly_better_first_is_called_better():
    differences = np.array([0.05, 0.06, 0.05, 0.07, 0.06])
    belief = correlated_t(differences, 80, 20, 0.01)
    assert belief.better > 0.95
    assert correlated_t(-differences, 80, 20, 0.01).worse == pytest.approx(belief.better)
    assert correlated_t(differences, 80, 20, None).equivalent is None


def test_the_correction_is_one_over_folds_plus_test_over_train():
    differences = np.array([0.02, -0.01, 0.03, 0.01, 0.02, 0.00])
    error = np.sqrt(differences.var(ddof=1) * (1 / 6 + 100 / 500))
    expected = 2 * t.sf(differences.mean() / error, 5)
    assert corrected_t(differences, 500, 100) == pytest.approx(expected)


@pytest.mark.parametrize(("difference", "p"), [(0.0, 1.0), (0.1, 0.0)])
def test_folds_without_spread(difference, p):
    assert corrected_t(np.full(5, difference), 80, 20) == p


def test_one_fold_says_nothing():
    assert np.isnan(corrected_t(np.array([0.1]), 80, 20))
