"""What is given up to keep a time limit: seeds, then repeats, then folds, each said."""

import pytest

from bakeoff.plan.budget import Effort, degrade, effort
from bakeoff.plan.options import Options


def cost(effort):
    return effort.folds * effort.repeats * effort.seeds


@pytest.mark.parametrize(
    ("limit", "kept", "said"),
    [
        (125, Effort(5, 5, 5), ()),
        (100, Effort(5, 5, 1), ("seeds: 1 instead of 5",)),
        (20, Effort(5, 1, 1), ("seeds: 1 instead of 5", "repeats: 1 instead of 5")),
        (4, Effort(3, 1, 1), ("seeds", "repeats", "folds: 3 instead of 5")),
        (1, Effort(3, 1, 1), ("seeds", "repeats", "folds")),
    ],
)
def test_each_step_is_taken_only_as_needed_and_said(limit, kept, said):
    got, notes = degrade(Effort(5, 5, 5), limit, cost)
    assert got == kept
    assert len(notes) == len(said)
    for note, words in zip(notes, said, strict=True):
        assert note.startswith(words)
        assert f"to keep the time limit of {limit} s" in note


def test_what_is_least_already_is_not_given_up():
    assert degrade(Effort(2, 1, 1), 0.5, cost) == (Effort(2, 1, 1), ())


def test_the_users_own_numbers_replace_the_presets():
    assert effort(Options(preset="thorough")) == Effort(5, 5, 5)
    assert effort(Options(preset="quick", folds=8, seeds=2)) == Effort(8, 1, 2)
