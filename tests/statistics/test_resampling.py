"""What is drawn: units, their weights, and how far resampled means spread."""

import numpy as np
import pytest

from bakeoff.statistics.resampling import MOST_CELLS, Units, blocks, draw, how_many


def test_groups_are_drawn_together():
    units = Units.of_rows(5, np.array(["b", "a", "b", "b", "a"]))
    assert (units.count, units.codes.tolist()) == (2, [1, 0, 1, 1, 0])
    assert units.spread(np.array([[3.0, 1.0]])).tolist() == [[1, 3, 1, 1, 3]]
    assert units.sums(np.arange(5.0)[:, None]).tolist() == [[5.0], [5.0]]


def test_unequal_groups_tell_less_than_as_many_equal_ones():
    assert Units.of_rows(20, np.repeat(np.arange(5), 4)).effective == pytest.approx(5)
    assert Units.of_rows(20, np.repeat([0, 1, 2, 3], [17, 1, 1, 1])).effective < 1.5
    assert Units.of_rows(20, None).freedom == 19


@pytest.mark.parametrize("m", [2, 5, 30])
def test_resampled_means_spread_as_the_unbiased_variance_says(m):
    values = np.random.default_rng(m).normal(size=m)
    weights = draw(m, 40_000, np.random.default_rng(0))
    assert (weights.sum(axis=1) == m - 1).all()
    means = weights @ values / (m - 1)
    assert means.std() == pytest.approx(values.std(ddof=1) / np.sqrt(m), rel=0.03)


def test_a_single_unit_is_always_drawn():
    assert draw(1, 3, np.random.default_rng(0)).tolist() == [[1.0]] * 3


def test_blocks_cover_every_resample_once():
    covered = [i for block in blocks(1003, 50_000) for i in range(1003)[block]]
    assert covered == list(range(1003))


@pytest.mark.parametrize(("n", "expected"), [(1, 10_000), (20_000, 10_000), (10**9, 1_000)])
def test_fewer_resamples_of_very_many_rows(n, expected):
    assert how_many(n) == expected
    assert how_many(n) * n <= max(MOST_CELLS, 1_000 * n)
