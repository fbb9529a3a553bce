"""The regret bound: it holds for a choice made from the same data, and for each one at once."""

import numpy as np
import pytest

from bakeoff.statistics.bootstrap import Draws
from bakeoff.statistics.regret import shortfalls, standard_errors


def drawn(values, error, random, count=1000):
    resampled = values + error * random.normal(size=(count, len(values)))
    return Draws(values, resampled, resampled)


@pytest.mark.parametrize("truth", [(0.0, 0.5, 1.0), (0.0, 0.9, 0.9, 1.0, 1.0), (0.0, 2.0)])
def test_the_bound_holds_for_the_choice_with_the_best_score(truth):
    truth = np.array(truth)
    held = 0
    for repetition in range(200):
        random = np.random.default_rng(repetition)
        draws = drawn(truth + random.normal(size=len(truth)), 1.0, random)
        bounds = shortfalls(draws, standard_errors(draws, 0.0), freedom=1e6)
        regret = truth.max() - truth
        # Simultaneous: for every choice that could have been made, the luckiest one among them.
        held += (regret <= bounds.max(axis=1) + 1e-12).all()
    # .95 less three Monte-Carlo errors.
    assert held / 200 > 0.904


def test_a_noisy_contender_does_not_widen_the_bound_of_the_others():
    random = np.random.default_rng(0)
    quiet = random.normal(size=(4000, 2)) * 0.01 + [0.8, 0.79]
    noisy = np.column_stack([quiet, 0.5 + 0.1 * random.normal(size=4000)])
    bounds = []
    for resampled in (quiet, noisy):
        draws = Draws(np.array([0.8, 0.79, 0.5])[: resampled.shape[1]], resampled, resampled)
        bounds.append(shortfalls(draws, standard_errors(draws, 0.0), 1e6)[1, 0])
    assert bounds[1] < 1.35 * bounds[0]


def test_a_contender_without_a_score_is_never_the_best():
    values = np.array([0.8, np.nan])
    resampled = values + np.random.default_rng(0).normal(size=(1000, 2)) * 0.01
    draws = Draws(values, resampled, resampled)
    bounds = shortfalls(draws, standard_errors(draws, 0.0), 1e6)
    assert bounds[0].tolist() == [0.0, 0.0]
    assert np.isinf(bounds[1, 0])


def test_one_unit_says_nothing_about_regret():
    draws = Draws(np.array([1.0, 0.0]), np.empty((0, 2)), np.empty((0, 2)))
    assert np.isinf(shortfalls(draws, standard_errors(draws, 0.1), 0.0)[1, 0])
