from __future__ import annotations

import math

import numpy as np
import pytest

from bakeoff.contenders.combined.threshold import (
    best_threshold,
    sent_on,
    sureness,
    threshold_for_share,
)
from bakeoff.core.errors import ContenderError
from bakeoff.tasks.predictions import Predictions


def labels(codes, confidence=None):
    return Predictions.of_labels(np.arange(len(codes)), np.array(codes), confidence=confidence)


@pytest.mark.parametrize(("share", "n_sent"), [(0.1, 1), (0.25, 2), (0.5, 5), (1.0, 10)])
def test_the_share_is_sent_on_and_it_is_the_least_sure(share, n_sent):
    sure = np.random.default_rng(0).permutation(10) / 10
    rows = sent_on(sure, threshold_for_share(sure, share))
    assert len(rows) == n_sent
    assert set(sure[rows]) == set(np.sort(sure)[:n_sent])


def test_ties_are_never_sent_beyond_the_share():
    sure = np.array([0.5, 0.6, 0.6, 0.6, 0.9])
    assert sent_on(sure, threshold_for_share(sure, 0.4)).tolist() == [0]
    assert sent_on(sure, threshold_for_share(sure, 0.8)).tolist() == [0, 1, 2, 3]


def test_a_row_without_a_prediction_or_confidence_is_always_sent():
    predictions = labels([1, -1, 0])
    sure = sureness(predictions, np.array([0.9, 0.9, np.nan]))
    assert sent_on(sure, -math.inf).tolist() == [1, 2]


def accuracy(predictions, truth):
    return float((predictions.codes == truth).mean())


def test_the_threshold_with_the_best_score_is_found():
    truth = np.ones(10, dtype=int)
    first = labels([0, 0, 0, 1, 1, 1, 1, 1, 1, 1])
    second = labels([1, 1, 1, 0, 0, 0, 0, 0, 0, 0])
    sure = np.arange(10) / 10
    threshold = best_threshold(sure, first, second, lambda p: accuracy(p, truth))
    assert sent_on(sure, threshold).tolist() == [0, 1, 2]


def test_of_equal_scores_the_smallest_share_is_taken():
    truth = np.ones(8, dtype=int)
    same = labels([1] * 8)
    sure = np.arange(8) / 8
    threshold = best_threshold(sure, same, same, lambda p: accuracy(p, truth))
    assert len(sent_on(sure, threshold)) == 0


def test_everything_is_sent_where_that_scores_best():
    truth = np.ones(8, dtype=int)
    threshold = best_threshold(
        np.arange(8) / 8, labels([0] * 8), labels([1] * 8), lambda p: accuracy(p, truth)
    )
    assert threshold == math.inf


def test_a_score_that_is_never_defined_is_an_error():
    same = labels([1] * 4)
    with pytest.raises(ContenderError, match="primary metric is undefined"):
        best_threshold(np.arange(4) / 4, same, same, lambda _: math.nan)
