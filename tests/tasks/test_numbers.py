"""Numbers that were written elsewhere are read, or told why not."""

import math

import numpy as np
import pytest

from bakeoff.tasks.numbers import read_numbers


@pytest.mark.parametrize(
    ("text", "value", "why_not"),
    [
        ("2.5", 2.5, None),
        (" -1 ", -1.0, None),
        (None, math.nan, "missing"),
        (" ", math.nan, "missing"),
        ("much", math.nan, "outside"),
        ("inf", math.nan, "outside"),
        ("nan", math.nan, "outside"),
    ],
)
def test_a_number_or_the_reason_why_there_is_none(text, value, why_not):
    values, status = read_numbers([text])
    assert np.array_equal(values, [value], equal_nan=True)
    assert status == [why_not]


def test_what_lies_below_the_least_is_outside():
    values, status = read_numbers(["-1", "0"], least=0.0)
    assert status == ["outside", None]
    assert values[1] == 0.0
