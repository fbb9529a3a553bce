from __future__ import annotations

import numpy as np
import pytest

from bakeoff.contenders.combined.inner import inner_folds, out_of_fold
from bakeoff.contenders.registry import make_contender
from bakeoff.core.errors import ContenderError
from bakeoff.testing import specimen


def test_every_row_is_held_out_once_and_classes_are_spread():
    train = specimen("text", n_classes=2).train
    held = inner_folds(train)
    assert sorted(np.concatenate(held)) == list(range(len(train)))
    share = train.targets.sum() / 3
    assert all(abs(train.targets[rows].sum() - share) < 1 for rows in held)
    assert all(len(rows) == len(train) / 3 for rows in held)


def test_no_row_is_predicted_by_a_model_that_has_seen_it(context):
    train = specimen("text", n_classes=2).train
    seen = make_contender("memory").fit(train, None, context)
    assert np.array_equal(seen.predict(train.inputs, context).codes, train.targets)
    predictions = out_of_fold(make_contender("memory"), train, None, context)
    assert not predictions.codes.any()
    assert np.array_equal(predictions.ids, train.inputs.ids)


def test_a_part_that_does_not_learn_predicts_in_one_pass(rows, context):
    train = rows([0, 1, 1], x=[1, 2, 3], gpt=["no", "yes", "no"])
    predictions = out_of_fold(make_contender("answers:gpt"), train, None, context)
    assert predictions.codes.tolist() == [0, 1, 0]


def test_rows_of_equal_content_stay_together(rows):
    train = rows([0, 1] * 12, x=[i // 4 for i in range(24)])
    for held in inner_folds(train):
        assert all(len(set(held) & set(range(k, k + 4))) in (0, 4) for k in range(0, 24, 4))


def test_groups_stay_together_where_their_column_is_seen(rows):
    train = rows([0, 1] * 12, group="who", x=list(range(24)), who=[i // 6 for i in range(24)])
    for held in inner_folds(train):
        assert all(len(set(held) & set(range(k, k + 6))) in (0, 6) for k in range(0, 24, 6))


def test_the_division_is_the_same_whatever_columns_of_answers_stand_by(rows):
    plain = rows([0, 1] * 10, x=list(range(20)))
    with_answers = rows([0, 1] * 10, x=list(range(20)), gpt=["yes", "no"] * 10)
    for one, other in zip(inner_folds(plain), inner_folds(with_answers), strict=True):
        assert np.array_equal(one, other)


@pytest.mark.parametrize("n", [1, 5])
def test_rows_that_are_all_alike_cannot_be_held_out(rows, n):
    with pytest.raises(ContenderError, match="two training rows that differ"):
        inner_folds(rows([0] * n, x=[1] * n))
