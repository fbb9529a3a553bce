"""A stated number of rows: every class with its share, the seed deciding which."""

from __future__ import annotations

import numpy as np
import pytest

from bakeoff.models.few_rows import draw_rows

CODES = np.repeat([0, 1, 2], [60, 30, 10])


def test_every_class_keeps_its_share():
    drawn = draw_rows(CODES, 20, seed=0)
    assert np.bincount(CODES[drawn]).tolist() == [12, 6, 2]
    assert len(np.unique(drawn)) == 20


@pytest.mark.parametrize("most", [1, 2, 3, 4, 7, 33, 99])
def test_exactly_so_many_are_drawn(most):
    assert len(draw_rows(CODES, most, seed=0)) == most


def test_a_rare_class_is_not_left_out():
    codes = np.repeat([0, 1], [1000, 1])
    assert set(codes[draw_rows(codes, 10, seed=0)]) == {0, 1}


@pytest.mark.parametrize("most", [None, 100, 1000])
def test_all_rows_are_kept_where_there_are_no_more(most):
    np.testing.assert_array_equal(draw_rows(CODES, most, seed=0), np.arange(100))


def test_the_seed_decides_which():
    same, again, other = (draw_rows(CODES, 20, seed=seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(same, again)
    assert (same != other).any()


def test_numbers_are_drawn_at_random():
    drawn = draw_rows(np.linspace(0, 1, 50), 10, seed=0)
    assert len(np.unique(drawn)) == 10
    assert (np.diff(drawn) > 0).all()
