"""Formulas of power against simulation of the tests that they speak of."""

import numpy as np
import pytest

from bakeoff.statistics.intervals import bonett_price
from bakeoff.statistics.paired import mcnemar_mid_p
from bakeoff.statistics.power import (
    Seen,
    chance_to_decide,
    detectable_after,
    detectable_before,
    rows_needed,
)


def simulated_words(n, difference, discordance, rope, repetitions=1500):
    """Share of repetitions in which McNemar's mid-p or the ROPE leaves "undecided"."""
    shares = [(discordance + difference) / 2, (discordance - difference) / 2]
    random = np.random.default_rng(0)
    counts = random.multinomial(n, [*shares, 1 - discordance], size=repetitions)
    decided = 0
    for first, second, _ in counts:
        low, high = bonett_price(first, second, n, 0.05)
        inside = rope is not None and -rope <= low and high <= rope
        decided += inside or mcnemar_mid_p(first, second) < 0.05
    return decided / repetitions


@pytest.mark.parametrize("n", [200, 1000])
@pytest.mark.parametrize("discordance", [0.1, 0.3])
def test_the_smallest_detectable_difference_is_shown_four_times_of_five(n, discordance):
    difference = detectable_before(n, discordance)
    assert simulated_words(n, difference, discordance, None) == pytest.approx(0.8, abs=0.05)


@pytest.mark.parametrize(
    ("n", "discordance", "expected"),
    [(200, 0.1, 0.061), (1000, 0.1, 0.028), (1000, 0.3, 0.048), (5000, 0.05, 0.009)],
)
def test_the_table_of_detectable_differences(n, discordance, expected):
    assert detectable_before(n, discordance) == pytest.approx(expected, abs=0.0015)
    error = np.sqrt(discordance / n)
    assert detectable_after(error) == pytest.approx(expected, abs=0.0025)


@pytest.mark.parametrize(
    ("difference", "discordance", "rope"),
    [(0.03, 0.15, 0.01), (0.03, 0.15, None), (0.0, 0.04, 0.02), (0.002, 0.05, 0.02)],
)
def test_so_many_more_rows_do_leave_undecided_four_times_of_five(difference, discordance, rope):
    n = 300
    spread = np.sqrt(discordance - difference**2)
    more, beyond = rows_needed(n, Seen(difference, spread, rope, 0.05, counts_rows=True))
    assert not beyond
    assert simulated_words(n + more, difference, discordance, rope) == pytest.approx(0.8, abs=0.06)


@pytest.mark.parametrize(
    ("difference", "spread", "rope"),
    [(0.0004, 0.35, None), (0.0, 0.35, None), (0.0, 0.0, None), (float("nan"), float("nan"), 0.01)],
)
def test_more_than_ten_times_the_data_is_said_and_not_guessed(difference, spread, rope):
    seen = Seen(difference, spread, rope, 0.05, counts_rows=True)
    assert rows_needed(300, seen) == (3000, True)


def test_contenders_that_never_differed_need_rows_until_the_allowance_fits_the_rope():
    more, beyond = rows_needed(50, Seen(0.0, 0.0, 0.01, 0.05, counts_rows=True))
    assert not beyond
    assert 50 + more + 2 == pytest.approx(1.96 * np.sqrt(2) / 0.01, abs=3)
    assert rows_needed(50, Seen(0.0, 0.0, 0.01, 0.05, counts_rows=False)) == (1, False)


def test_more_rows_never_make_a_clear_case_less_clear():
    n = np.geomspace(50, 1e6, 60)
    chances = chance_to_decide(n, Seen(0.03, 0.4, 0.01, 0.05, counts_rows=True))
    assert (np.diff(chances) > -1e-12).all()
    assert chances[-1] == pytest.approx(1.0)
