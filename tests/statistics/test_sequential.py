"""The test that may be looked at after every row: by hand, by its formula, and by simulation."""

import numpy as np
import pytest
from scipy.special import betaln

from bakeoff.statistics.sequential import (
    ask_until_decided,
    confidence_sequence,
    e_values,
    nearer,
    right_or_wrong,
)


def draw(random, rows, gap, discordance=0.2):
    """Return differences of right or wrong with this gap in accuracy."""
    shares = [(discordance - gap) / 2, 1 - discordance, (discordance + gap) / 2]
    return random.choice([-1.0, 0.0, 1.0], size=rows, p=shares)


def stop_of(differences, alpha=0.05):
    """Return where the test stops (None: nowhere), without the interval."""
    crossed = np.flatnonzero(e_values(differences) >= 1 / alpha)
    return int(crossed[0]) + 1 if len(crossed) else None


def test_the_first_bets_by_hand():
    # Bets 0, 1/2, 2/3, 3/4: wealth 1, 1 * 3/2, 3/2 * 5/3, 5/2 * 1/4.
    found = e_values(np.array([1.0, 0.0, 1.0, 1.0, 0.0, -1.0]))
    assert found == pytest.approx([1.0, 1.0, 1.5, 2.5, 2.5, 0.625])


def test_it_is_the_beta_mixture_over_discordant_pairs():
    x = draw(np.random.default_rng(0), 400, 0.05)
    a, b = np.cumsum(x == 1), np.cumsum(x == -1)
    expected = np.exp((a + b) * np.log(2) + betaln(a + 0.5, b + 0.5) - betaln(0.5, 0.5))
    assert e_values(x) == pytest.approx(expected, rel=1e-9)


def test_the_wealth_is_fair_for_every_claim_that_is_true():
    """All sequences of four rows, weighed by their probability: the mean wealth is exactly 1."""
    values, shares = np.array([-1.0, 0.3, 1.0]), np.array([0.2, 0.5, 0.3])
    mean = float(values @ shares)
    expected = 0.0
    for number in range(3**4):
        digits = [number // 3**place % 3 for place in range(4)]
        expected += shares[digits].prod() * e_values(values[digits], mean)[-1]
    assert expected == pytest.approx(1.0)


def test_it_rarely_stops_where_neither_is_better():
    random = np.random.default_rng(1)
    stopped = sum(stop_of(draw(random, 1_000, 0.0)) is not None for _ in range(1_000))
    assert stopped / 1_000 <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 1_000)


def test_it_rarely_stops_on_shuffles_of_a_tied_pair():
    random = np.random.default_rng(2)
    tied = np.repeat([-1.0, 0.0, 1.0], [60, 380, 60])
    stopped = sum(stop_of(random.permutation(tied)) is not None for _ in range(1_000))
    assert stopped / 1_000 <= 0.05


def test_a_larger_gap_is_decided_more_often_and_sooner():
    random = np.random.default_rng(3)
    shares, means = [], []
    for gap in (0.0, 0.05, 0.1, 0.15):
        stops = [stop_of(draw(random, 600, gap)) for _ in range(150)]
        shares.append(np.mean([stop is not None for stop in stops]))
        means.append(np.mean([stop or 600 for stop in stops]))
    assert shares == sorted(shares)
    assert means == sorted(means, reverse=True)
    assert shares[0] <= 0.08
    assert shares[-1] >= 0.98


@pytest.mark.parametrize("gap", [0.0, 0.06])
def test_the_confidence_sequence_holds_at_all_rows_at_once(gap):
    random = np.random.default_rng(4)
    missed = sum((e_values(draw(random, 500, gap), gap) >= 20).any() for _ in range(600))
    assert missed / 600 <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 600)
    for _ in range(20):
        x = draw(random, 300, gap)
        low, high = confidence_sequence(x)
        held = (low <= gap + 1e-12) & (gap - 1e-12 <= high)
        assert held.all() == (e_values(x, gap) < 20).all()


def test_the_confidence_sequence_holds_for_numbers_that_are_not_signs():
    random = np.random.default_rng(5)
    mean = 2 * 0.6 - 1
    missed = sum((e_values(2 * random.beta(3, 2, 300) - 1, mean) >= 20).any() for _ in range(400))
    assert missed / 400 <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 400)


def test_the_interval_never_widens_and_closes_in():
    x = draw(np.random.default_rng(6), 2_000, 0.1)
    low, high = confidence_sequence(x)
    assert (np.diff(low) >= 0).all()
    assert (np.diff(high) <= 0).all()
    assert (low[0], high[0]) == (-1.0, 1.0)
    assert high[-1] - low[-1] < 0.08
    assert low[-1] < x.mean() < high[-1]


@pytest.mark.parametrize("sign", [-1, 1])
def test_the_interval_leaves_out_zero_exactly_when_the_test_has_stopped(sign):
    random = np.random.default_rng(7)
    for _ in range(20):
        x = sign * draw(random, 400, 0.08)
        stop = stop_of(x)
        low, high = confidence_sequence(x)
        outside = np.flatnonzero((low >= 0) | (high <= 0))
        assert (int(outside[0]) + 1 if len(outside) else None) == stop


def test_asking_stops_at_the_end_of_a_chunk_and_says_who_is_better():
    # Seven in a row: 2 ** 7 * C(14, 7) / 4 ** 7 = 26.8; six: 14.4.
    x = -np.ones(200)
    one, many = ask_until_decided(x), ask_until_decided(x, chunk=50)
    assert (one.asked, one.decided, one.better) == (7, True, -1)
    assert one.e_value == pytest.approx(2**7 * 3432 / 4**7)
    assert one.high <= 0
    assert (many.asked, many.difference) == (50, -1.0)
    assert many.high < one.high


def test_a_tie_is_asked_to_the_end_and_stays_undecided():
    found = ask_until_decided(np.zeros(120), chunk=50)
    assert (found.asked, found.decided, found.better, found.e_value) == (120, False, 0, 1.0)
    assert found.low < 0 < found.high


def test_differences_of_answers_and_of_errors():
    first, second = np.array([True, True, False]), np.array([True, False, True])
    assert right_or_wrong(first, second).tolist() == [0, 1, -1]
    errors = np.array([0.1, 4.0, 2.0]), np.array([0.2, 1.0, 2.0])
    assert nearer(*errors).tolist() == [1, -1, 0]
