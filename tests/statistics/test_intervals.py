"""Intervals against statsmodels, and at their edges."""

import numpy as np
import pytest
from scipy.stats import norm, t
from statsmodels.stats.proportion import proportion_confint

from bakeoff.statistics.intervals import bonett_price, bootstrap_p, quantile, tail, wilson


def test_wilson_equals_statsmodels():
    random = np.random.default_rng(0)
    for _ in range(200):
        n = int(random.integers(1, 500))
        right = int(random.integers(0, n + 1))
        alpha = random.choice([0.05, 0.01])
        expected = proportion_confint(right, n, alpha=alpha, method="wilson")
        assert wilson(right / n, n, alpha) == pytest.approx(expected, abs=1e-12)


def test_all_right_is_not_certain():
    low, high = wilson(1.0, 5)
    assert low < 0.6
    assert high == 1.0
    assert wilson(0.0, 5)[0] == 0.0


def test_bonett_price_by_hand():
    # 22 against 7 of 220: shares 23/222 and 8/222.
    first, second = 23 / 222, 8 / 222
    half = 1.959964 * np.sqrt((first + second - (first - second) ** 2) / 222)
    assert bonett_price(22, 7, 220, 0.05) == pytest.approx(
        (first - second - half, first - second + half), abs=1e-6
    )


@pytest.mark.parametrize("n", [1, 5, 200])
def test_contenders_that_never_differed_may_still_differ(n):
    low, high = bonett_price(0, 0, n, 0.05)
    assert low == -high
    assert high >= 2.7 / (n + 2)


def test_the_tail_of_many_units_is_the_nominal_one():
    assert tail(0.025, 1e9) == pytest.approx(0.025, abs=1e-6)
    assert tail(0.025, 29) == pytest.approx(norm.cdf(t.ppf(0.025, 29)))


@pytest.mark.parametrize("alpha", [0.025, 0.975])
@pytest.mark.parametrize("count", [200, 20_000])
def test_an_end_of_normal_draws_is_where_the_t_says(alpha, count):
    # With few draws the end comes from their spread: both ways must agree.
    draws = 5 + 2 * norm.ppf((np.arange(count) + 0.5) / count)
    assert quantile(draws, 5.0, alpha, 29) == pytest.approx(5 + 2 * t.ppf(alpha, 29), rel=0.02)


def test_undefined_draws_are_left_out_until_they_are_most():
    draws = np.concatenate([np.linspace(0, 1, 1001), np.full(900, np.nan)])
    assert quantile(draws, 0.5, 0.025, 1e6) == pytest.approx(0.025, abs=1e-3)
    assert np.isnan(quantile(np.append(draws, np.full(200, np.nan)), 0.5, 0.025, 1e6))


def test_the_bootstrap_p_is_where_the_interval_meets_zero():
    draws = np.random.default_rng(0).normal(2.1, 1, 10_000)
    p = bootstrap_p(draws, 40)
    assert 0.01 < p < 0.1
    assert quantile(draws, 2.1, 1.02 * p / 2, 40) > 0 > quantile(draws, 2.1, 0.98 * p / 2, 40)
    assert bootstrap_p(-draws, 40) == pytest.approx(p)
    assert bootstrap_p(np.zeros(100), 40) == 1.0
