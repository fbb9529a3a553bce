"""Paired tests against statsmodels, mlxtend and scipy, and a published case."""

import mlxtend.evaluate
import numpy as np
import pytest
import scipy.stats
from statsmodels.stats.contingency_tables import mcnemar

from bakeoff.metrics.base import Pairs
from bakeoff.metrics.registry import load_metric
from bakeoff.statistics.evidence import Evidence, prepare
from bakeoff.statistics.paired import (
    approximate_randomisation,
    mcnemar_exact,
    mcnemar_mid_p,
    sign_flip,
)


def test_exact_mcnemar_equals_statsmodels_and_mlxtend():
    random = np.random.default_rng(0)
    for _ in range(200):
        first, second = random.integers(0, 40, 2)
        table = np.array([[50, first], [second, 10]])
        expected = mcnemar(table, exact=True).pvalue
        assert mcnemar_exact(first, second) == pytest.approx(expected, abs=1e-12)
        if first + second:
            assert mlxtend.evaluate.mcnemar(table, exact=True)[1] == pytest.approx(expected)


def test_the_published_case_is_found_where_an_unpaired_test_misses_it():
    """220 rows: both right 159, both wrong 32, 22 against 7 discordant."""
    assert mcnemar_exact(22, 7) == pytest.approx(0.008, abs=5e-4)
    assert mcnemar_mid_p(22, 7) < mcnemar_exact(22, 7)
    first, second = (159 + 22) / 220, (159 + 7) / 220
    pooled = (first + second) / 2
    z = (first - second) / np.sqrt(pooled * (1 - pooled) * 2 / 220)
    assert 2 * scipy.stats.norm.sf(z) == pytest.approx(0.080, abs=1e-3)


def test_mid_p_counts_what_was_seen_by_half():
    random = np.random.default_rng(1)
    for _ in range(200):
        first, second = random.integers(0, 60, 2)
        fewer, n = min(first, second), first + second
        at = scipy.stats.binom.pmf(fewer, n, 0.5)
        expected = min(1.0, 2 * scipy.stats.binom.cdf(fewer - 1, n, 0.5) + at)
        assert mcnemar_mid_p(first, second) == pytest.approx(1.0 if first == second else expected)


def test_contenders_that_never_differ_give_p_of_one():
    assert mcnemar_exact(0, 0) == mcnemar_mid_p(0, 0) == 1.0
    assert sign_flip(np.zeros((50, 2)), seed=0).tolist() == [1.0, 1.0]


@pytest.mark.parametrize("m", [3, 8, 11])
def test_sign_flips_of_few_units_are_exact(m):
    values = np.random.default_rng(m).normal(0.5, 1, (m, 2))
    for column, p in zip(values.T, sign_flip(values, seed=0), strict=True):
        oracle = scipy.stats.permutation_test(
            (column,), np.sum, permutation_type="samples", n_resamples=np.inf
        )
        assert p == pytest.approx(oracle.pvalue)


def test_sign_flips_of_many_units_agree_with_the_t_test():
    values = np.random.default_rng(0).normal(0.13, 1, (300, 1))
    expected = scipy.stats.ttest_1samp(values[:, 0], 0).pvalue
    assert sign_flip(values, seed=0)[0] == pytest.approx(expected, abs=0.01)


def swapped_mean(metric_name, shift):
    random = np.random.default_rng(5)
    truth = random.normal(size=150)
    metric = load_metric(metric_name)
    pairs = [Pairs(truth, truth + random.normal(0, scale, 150)) for scale in (1.0, shift)]
    statistics = {str(i): metric.statistics(one)[None] for i, one in enumerate(pairs)}
    return prepare(Evidence(metric, statistics))


def test_swapping_equals_flipping_where_the_metric_is_a_mean():
    prepared = swapped_mean("mse", 1.15)
    difference = prepared.statistics[0][0] - prepared.statistics[1][0]
    flips = sign_flip(difference, seed=0)[0]
    assert approximate_randomisation(prepared, 0, 1, seed=1) == pytest.approx(flips, abs=0.03)


@pytest.mark.parametrize("metric", ["rmse", "spearman", "pearson", "r2"])
def test_swapping_finds_a_large_difference_and_not_a_null_one(metric):
    assert approximate_randomisation(swapped_mean(metric, 2.0), 0, 1, seed=0) < 0.01
    assert approximate_randomisation(swapped_mean(metric, 1.0), 0, 1, seed=0) > 0.05
