"""What follows from gain and loss."""

import numpy as np
import pytest

from bakeoff.plan.update.judged import advice, change
from bakeoff.results.analysis import Estimate
from bakeoff.results.update import Change
from bakeoff.tasks.predictions import Predictions
from bakeoff.testing.examples import specimen

ANY = Estimate(0.0, 0.0, 0.0, 1, "")


def of(word):
    return None if word is None else Change(1, ANY, ANY, ANY, word)


@pytest.mark.parametrize(
    ("new", "old", "take", "says"),
    [
        ("better", "equivalent", True, "take the update."),
        ("better", None, True, "not known"),
        ("better", "undecided", True, "watch it"),
        ("better", "worse", False, "come no more"),
        ("undecided", "better", True, "watch it"),
        ("undecided", "equivalent", False, "keep the model"),
        ("equivalent", "equivalent", False, "keep the model"),
        ("worse", "better", False, "keep the model"),
    ],
)
def test_an_update_is_taken_where_it_gains_and_is_not_shown_to_lose(new, old, take, says):
    taken, sentence = advice(of(new), of(old))
    assert taken is take
    assert says in sentence


def test_a_change_is_paired_and_positive_where_it_is_better():
    rows = specimen("text", n_classes=2, sizes=(4, 4, 200)).fresh
    wrong = np.where(np.arange(200) < 60, 1 - rows.targets, rows.targets)
    before = Predictions.of_labels(rows.inputs.ids, wrong)
    after = Predictions.of_labels(rows.inputs.ids, rows.targets)
    found = change(rows, before, after, 0.01, seed=0)
    assert found.difference.value == pytest.approx(0.3)
    assert found.difference.low > 0.2
    assert (found.word, found.rows) == ("better", 200)
    assert change(rows, after, before, 0.01, seed=0).difference.value == pytest.approx(-0.3)
