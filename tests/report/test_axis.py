import math

import pytest

from bakeoff.report.axis import Axis, decimals_of, linear, logarithmic


def test_values_off_the_axis_lie_at_its_ends_and_say_so():
    axis = Axis(0.0, 1.0, 100.0, 200.0)
    assert [axis.place(value) for value in (-3, 0.5, 9)] == [100.0, 150.0, 200.0]
    assert [axis.beyond(value) for value in (-3, 0.5, 9)] == [-1, 0, 1]


def test_an_axis_may_point_up():
    assert Axis(0.0, 1.0, 200.0, 100.0).place(0.25) == 175.0


@pytest.mark.parametrize("values", [[], [3.0], [0.0, 0.0], [math.nan, 2.0], [-1e9, 1e9], [1e-9]])
def test_any_values_make_an_axis_with_ticks_on_it(values):
    axis = linear(values, 0, 100)
    assert axis.low < axis.high
    assert all(axis.low <= tick <= axis.high for tick in axis.ticks())
    assert 1 <= len(axis.ticks()) <= 12


@pytest.mark.parametrize("values", [[], [0.0], [0.02, 41.0], [0.02, 0.0201], [1e-9, 1e6]])
def test_a_logarithmic_axis_holds_all_prices(values):
    axis = logarithmic(values, 0, 100)
    assert axis.log
    assert all(axis.beyond(value) == 0 for value in values if value > 0)
    assert all(axis.low <= tick <= axis.high for tick in axis.ticks())
    assert len(axis.ticks()) >= 1


def test_equal_factors_are_equal_steps():
    axis = Axis(1.0, 100.0, 0.0, 10.0, log=True)
    assert axis.place(10.0) == pytest.approx(5.0)


def test_ticks_are_written_with_the_decimals_they_need():
    assert decimals_of([0.7, 0.8]) == 1
    assert decimals_of([0.75, 0.8]) == 2
    assert decimals_of([10.0]) == 0
