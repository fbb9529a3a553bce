"""The rate rises to its peak and falls to nothing."""

import pytest

from bakeoff.training.schedule import rate_share


def test_it_rises_over_the_warm_up_and_falls_as_a_cosine():
    shares = [rate_share(step, 100, 0.1) for step in range(101)]
    assert shares[0] == pytest.approx(0.1)
    assert shares[9] == shares[10] == 1.0
    assert shares[55] == pytest.approx(0.5)
    assert shares[100] == pytest.approx(0.0, abs=1e-12)
    assert shares[:10] == sorted(shares[:10])
    assert shares[10:] == sorted(shares[10:], reverse=True)


@pytest.mark.parametrize("steps", [1, 2, 3])
@pytest.mark.parametrize("warmup", [0.0, 0.5, 1.0])
def test_the_first_step_always_learns(steps, warmup):
    assert rate_share(0, steps, warmup) > 0


def test_steps_beyond_the_last_one_learn_nothing():
    assert rate_share(12, 10, 0.1) == 0.0


def test_a_trapezoid_is_level_and_falls_over_the_last_fifth():
    shares = [rate_share(step, 100, 0.1, "trapezoid") for step in range(101)]
    assert shares[9:81] == [1.0] * 72
    assert shares[90] == pytest.approx(0.5)
    assert shares[99] > 0
    assert shares[100] == 0.0
