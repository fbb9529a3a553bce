"""Meters stop what goes beyond a limit, whoever spends, and however small the pieces."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bakeoff.core.errors import BudgetReachedError
from bakeoff.protocol.meter import Counter, Purse


def test_the_meter_stops_what_goes_beyond_a_limit_and_counts_dollars():
    meter = Counter(limits={"calls": 2, "dollars": 0.3}, price=lambda unit, x: 0.1 * x)
    meter.add("tokens", 1)
    meter.add("tokens", 2)
    with pytest.raises(BudgetReachedError, match=r"0\.3 dollars"):
        meter.add("tokens", 1)
    meter = Counter(limits={"calls": 2})
    meter.add("calls", 2)
    with pytest.raises(BudgetReachedError, match="2 calls"):
        meter.add("calls", 1)
    assert meter.counts == {"calls": 3}


def test_a_meter_without_limits_only_counts():
    meter = Counter()
    for _ in range(3):
        meter.add("tokens", 5)
    assert meter.counts == {"tokens": 15}


def test_many_small_prices_reach_their_sum(tmp_path):
    meter = Counter(price=lambda unit, x: 0.1, purse=Purse(tmp_path / "spent", {"dollars": 1.0}))
    for _ in range(10):
        meter.add("tokens", 1)
    with pytest.raises(BudgetReachedError, match="1 dollars"):
        meter.add("tokens", 1)


def test_meters_share_a_purse_and_a_later_one_finds_what_was_spent(tmp_path):
    limits = {"calls": 400.0, "dollars": 9.0}

    def spend(number):
        meter = Counter(purse=Purse(tmp_path / "work" / "spent", limits))
        for _ in range(100):
            meter.add("calls", 1)
            meter.add("tokens", 7)
        return number

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(spend, range(4))) == 6
    later = Counter(purse=Purse(tmp_path / "work" / "spent", limits))
    later.add("dollars", 9)
    with pytest.raises(BudgetReachedError, match="400 calls"):
        later.add("calls", 1)


def test_a_call_that_is_refused_is_not_taken_from_others_and_dollars_that_are_spent_are(tmp_path):
    purse = Purse(tmp_path / "spent", {"calls": 2.0, "dollars": 2.0})
    first, second = Counter(limits={"calls": 1, "dollars": 1}, purse=purse), Counter(purse=purse)
    first.add("calls", 1)
    with pytest.raises(BudgetReachedError, match="1 calls"):
        first.add("calls", 1)
    second.add("calls", 1)
    with pytest.raises(BudgetReachedError, match="1 dollars"):
        first.add("dollars", 1.5)
    with pytest.raises(BudgetReachedError, match="2 dollars"):
        second.add("dollars", 0.6)
