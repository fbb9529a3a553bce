from __future__ import annotations

import numpy as np
import pytest

from bakeoff.contenders.combined.vote import average, mean_beliefs, most_votes
from bakeoff.contenders.registry import make_contender
from bakeoff.core.errors import UsageError
from bakeoff.tasks.predictions import Predictions


def vote(codes, chances=None):
    probabilities = None if chances is None else np.column_stack([1 - np.array(chances), chances])
    return Predictions.of_labels(np.arange(len(codes)), np.array(codes), probabilities)


def test_probabilities_are_averaged_over_those_that_predict():
    found = mean_beliefs([vote([1, 1, -1], [0.8, 0.6, 0.5]), vote([0, -1, -1], [0.2, 0.5, 0.5])], 2)
    np.testing.assert_allclose(found[:, 1], [0.5, 0.6, 0.5])


def test_a_tie_goes_to_the_earlier_part_and_no_votes_to_nobody():
    codes, share = most_votes([vote([2, 0, -1, -1]), vote([1, 1, -1, 1]), vote([0, 1, -1, -1])], 3)
    assert codes.tolist() == [2, 1, -1, 1]
    np.testing.assert_allclose(share, [1 / 3, 2 / 3, np.nan, 1])


@pytest.mark.parametrize(("how", "wanted"), [("mean", [4, 3, np.nan]), ("median", [2, 3, np.nan])])
def test_numbers_are_averaged_without_the_missing(how, wanted):
    values = np.array([[1, 2, 9], [np.nan, 2, 4], [np.nan] * 3])
    np.testing.assert_allclose(average(values, how), wanted)


def test_labels_are_voted_on_where_a_part_gives_no_probabilities(rows, context):
    train = rows([1, 1, 0], x=[0.9, 0.9, 0.1], gpt=["yes", "no", None])
    contender = make_contender("vote:script+answers:gpt+script@flip=True")
    predictions = contender.fit(train, None, context).predict(train.inputs, context)
    assert predictions.codes.tolist() == [1, 0, 0]
    assert predictions.probabilities is None
    assert predictions.usage == [{"answers:gpt/row": 1.0}, {"answers:gpt/row": 1.0}, {}]


def test_a_row_that_no_part_predicts_is_missing(rows, context):
    train = rows([1, 0], x=[np.nan, 0.9])
    contender = make_contender("vote:script+script@flip=True")
    predictions = contender.fit(train, None, context).predict(train.inputs, context)
    assert predictions.status == ["missing", None]
    np.testing.assert_allclose(predictions.probabilities[0], [0.5, 0.5])


def test_a_vote_of_those_that_do_not_learn_does_not_learn():
    assert not make_contender("vote:answers:a+answers:b").card.learns
    assert make_contender("vote:answers:a+script").card.learns


@pytest.mark.parametrize("spec", ["vote:script", "vote@how=mode:script+memory", "vote:script+"])
def test_a_spec_that_is_no_vote_is_refused(spec):
    with pytest.raises(UsageError):
        make_contender(spec)
