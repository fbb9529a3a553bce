from __future__ import annotations

import numpy as np
import pytest

from bakeoff.tuning.random_search import random_settings
from bakeoff.tuning.space import Choice, Integers, Reals, Tunable


def drawn(dimension, n=2000):
    rng = np.random.default_rng(0)
    return [dimension.draw(rng) for _ in range(n)]


@pytest.mark.parametrize("log", [False, True])
def test_numbers_stay_within_their_limits(log):
    whole = drawn(Integers(1, 50, log=log))
    assert (min(whole), max(whole)) == (1, 50)
    assert all(type(value) is int for value in whole)
    real = drawn(Reals(0.01, 10, log=log))
    assert min(real) >= 0.01
    assert max(real) <= 10


def test_the_log_scale_gives_each_decade_its_share():
    values = np.array(drawn(Reals(0.01, 100, log=True)))
    shares = np.histogram(np.log10(values), bins=4, range=(-2, 2))[0] / len(values)
    np.testing.assert_allclose(shares, 0.25, atol=0.04)


def test_numbers_can_be_read_and_typed():
    assert all(len(f"{value:g}") <= 8 for value in drawn(Reals(0.001, 1000, log=True)))


def test_settings_differ_and_the_first_changes_nothing():
    space = {"a": Choice((1, 2)), "b": Choice(("x", "y"))}
    found = random_settings(space, trials=12, seed=0)
    assert found[0] == {}
    assert len(found) == 5
    assert all(found.count(settings) == 1 for settings in found)


def test_the_seed_decides_what_is_tried():
    space = {"a": Reals(0, 1)}
    assert random_settings(space, 5, seed=1) == random_settings(space, 5, seed=1)
    assert random_settings(space, 5, seed=1) != random_settings(space, 5, seed=2)


def test_what_declares_a_space_is_tunable():
    class Mine:
        def space(self):
            return {}

    assert isinstance(Mine(), Tunable)
    assert not isinstance(object(), Tunable)
