"""Picking a setting by the rows that do not judge it."""

from __future__ import annotations

import numpy as np
import pytest

from bakeoff.protocol.variants import cross_fit, mix


def scorer(values):
    """Return ``score(variant, rows)``: the mean of a variant's values over rows."""
    return lambda variant, rows: float(values[variant][rows].mean())


def test_the_first_variant_within_the_margin_is_picked():
    values = np.array([[0.80], [0.89], [0.90]]).repeat(200, axis=1)
    assert set(cross_fit(3, 200, scorer(values), 0.02, 0).variant) == {1}
    assert cross_fit(3, 200, scorer(values), 0.0, 0).shipped == 2
    assert cross_fit(3, 200, scorer(values), 0.1, 0).shipped == 0


def test_exactly_the_margin_is_within_it():
    values = np.array([[0.1 + 0.2], [0.4]]).repeat(50, axis=1)
    assert cross_fit(2, 50, scorer(values), 0.1, 0).shipped == 0


def test_no_row_picks_its_own_variant():
    seen = []

    def score(variant, rows):
        seen.append(rows)
        return 0.0

    picked = cross_fit(1, 40, score, 0.0, 3)
    parts = seen[:-1]
    assert len(parts) == 10
    left_out = [set(range(40)) - set(rows) for rows in parts]
    assert sorted(row for rows in left_out for row in rows) == list(range(40))
    assert len(picked.variant) == 40


def test_picking_among_equals_gains_nothing():
    # Picking by the judging rows themselves would look better than any single variant is.
    rng = np.random.default_rng(0)
    gains = []
    for seed in range(40):
        values = rng.integers(0, 2, (8, 60)).astype(float)
        picked = cross_fit(8, 60, scorer(values), 0.0, seed)
        gains.append(values[picked.variant, np.arange(60)].mean() - 0.5)
    assert np.mean(gains) < 0.02


@pytest.mark.parametrize("rows", [0, 1, 5])
def test_few_rows_are_no_trouble(rows):
    values = np.ones((2, max(rows, 1)))
    picked = cross_fit(2, rows, scorer(values), 0.0, 0)
    assert picked.variant.tolist() == [0] * rows


def test_the_mixture_takes_each_row_from_its_variant():
    first, second = np.zeros((2, 3, 1)), np.ones((2, 3, 1))
    mixed = mix(np.array([0, 1, 0]), [first, second])
    assert mixed.shape == (2, 3, 1)
    assert mixed[:, :, 0].tolist() == [[0, 1, 0]] * 2
