"""Sizes by name; numbers that do not fit together are refused before anything is built."""

import pytest

from bakeoff.core.errors import UsageError
from bakeoff.models.pretraining.build import Shape, shape_of


def test_a_number_given_replaces_the_sizes_own():
    assert shape_of("tiny", layers=3) == Shape(3, 128, 2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("huge",), "no size 'huge'"),
        (("tiny", 0), "--layers is 0"),
        (("tiny", None, 100, 3), "3 heads do not divide a width of 100"),
    ],
)
def test_what_cannot_be_built_is_refused(arguments, message):
    with pytest.raises(UsageError, match=message):
        shape_of(*arguments)
