"""Several data sets against scipy."""

import numpy as np
import pytest
import scipy.stats

from bakeoff.core.errors import UsageError
from bakeoff.statistics.datasets import over_datasets


def test_friedman_and_wilcoxon_equal_scipy():
    scores = np.random.default_rng(0).normal([0, 0.5, 1.5], size=(9, 3))
    result = over_datasets(scores)
    assert result.friedman_p == pytest.approx(scipy.stats.friedmanchisquare(*scores.T).pvalue)
    assert min(result.average_ranks) == result.average_ranks[2]
    assert sum(result.average_ranks) == pytest.approx(6)
    first = result.pairs[0]
    expected = scipy.stats.wilcoxon(scores[:, 0] - scores[:, 1]).pvalue
    assert first.p == pytest.approx(expected)
    assert first.p <= first.p_adjusted <= 1


def test_five_data_sets_are_not_tested():
    with pytest.raises(UsageError, match="at least 6"):
        over_datasets(np.zeros((5, 3)))


def test_contenders_that_are_the_same_everywhere():
    result = over_datasets(np.ones((6, 3)))
    assert result.friedman_p == 1.0
    assert {pair.p_adjusted for pair in result.pairs} == {1.0}
    assert over_datasets(np.ones((6, 2))).friedman_p is None
