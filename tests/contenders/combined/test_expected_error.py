from __future__ import annotations

import numpy as np

from bakeoff.contenders.combined.expected_error import fit_expected_error


def test_the_expected_error_follows_what_rules_it():
    rng = np.random.default_rng(0)
    values, spread = rng.uniform(-1, 1, 3000), rng.uniform(0.1, 2, 3000)
    noise = rng.normal(0, 1, 3000)
    by_value = fit_expected_error(values, spread, values + noise * np.abs(values))
    by_spread = fit_expected_error(values, spread, values + noise * spread)
    at = np.array([0.0, 0.9])
    small, large = -by_value.confidence(at, np.ones(2))
    assert small < 0.3 < 0.6 < large
    small, large = -by_spread.confidence(np.zeros(2), np.array([0.1, 2.0]))
    assert small < 0.4 < 1.0 < large


def test_values_beyond_those_seen_are_taken_as_the_last_one():
    rng = np.random.default_rng(1)
    values = rng.uniform(0, 1, 200)
    error = fit_expected_error(values, np.ones(200), values + rng.normal(0, 0.1, 200))
    far = error.confidence(np.array([50.0, values.max()]), np.ones(2))
    assert far[0] == far[1]


def test_nothing_known_expects_the_same_error_of_every_row():
    error = fit_expected_error(np.full(3, np.nan), np.ones(3), np.zeros(3))
    assert error.confidence(np.array([1.0, 2.0]), np.ones(2)).tolist() == [0, 0]
