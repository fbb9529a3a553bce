"""Augmentations are read as they are written, or refused."""

import pytest

from bakeoff.core.errors import UsageError
from bakeoff.training.augment_spec import KINDS, Augmentation, parse_augment


def test_names_and_strengths_are_read_in_order():
    assert parse_augment(" swap=0.2, flip ,shift=3") == (
        Augmentation("swap", 0.2),
        Augmentation("flip", 0.5),
        Augmentation("shift", 3.0),
    )
    assert parse_augment("") == ()


def test_each_can_stand_without_a_strength():
    for name, kind in KINDS.items():
        (found,) = parse_augment(name)
        assert kind.least <= found.strength <= kind.most


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("flop", "did you mean 'flip'"),
        ("swap=much", "a number from 0 to 0.9"),
        ("swap=1", "a number from 0 to 0.9"),
        ("shift=1.5", "a whole number from 1 to 64"),
        ("cutout=0", "a whole number from 1 to 256"),
        ("rotate=nan", "degrees"),
        ("flip,flip=0.1", "stands twice"),
    ],
)
def test_what_makes_no_sense_is_refused(written, says):
    with pytest.raises(UsageError, match=says):
        parse_augment(written)
