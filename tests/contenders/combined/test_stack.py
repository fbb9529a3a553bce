from __future__ import annotations

import numpy as np
import pytest

from bakeoff.contenders.combined.heads import fit_opinion_pool, fit_weighted_sum
from bakeoff.contenders.registry import make_contender
from bakeoff.core.errors import ContenderError

SEEN = np.ones(3, dtype=bool)


def softmax(logits):
    found = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return found / found.sum(axis=-1, keepdims=True)


def drawn(rng, chances):
    return np.array([rng.choice(len(row), p=row) for row in chances])


def test_the_pool_finds_the_weights_that_made_the_labels():
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 1, (4000, 2, 3))
    opinions = softmax(logits)
    targets = drawn(rng, softmax(2.0 * logits[:, 0] + 0.5 * logits[:, 1] + [0.3, 0, -0.3]))
    pool = fit_opinion_pool(opinions, targets, SEEN)
    np.testing.assert_allclose(pool.weights, [2.0, 0.5], atol=0.15)
    np.testing.assert_allclose(pool.bias - pool.bias.mean(), [0.3, 0, -0.3], atol=0.15)


def test_the_pool_stands_where_no_small_step_is_better():
    rng = np.random.default_rng(1)
    opinions = softmax(rng.normal(0, 1, (60, 2, 3)))
    targets = rng.integers(0, 3, 60)
    pool = fit_opinion_pool(opinions, targets, SEEN)

    def loss(weights, bias):
        logs = np.log(opinions)
        found = softmax(np.einsum("npc,p->nc", logs, weights) + bias)
        away = ((weights - 0.5) ** 2).sum() + (bias**2).sum()
        return -np.log(found[np.arange(60), targets]).sum() + away / 2

    best = loss(pool.weights, pool.bias)
    for _ in range(50):
        weights = np.maximum(pool.weights + rng.normal(0, 0.01, 2), 0)
        assert loss(weights, pool.bias + rng.normal(0, 0.01, 3)) > best - 1e-6


def test_a_part_that_only_harms_weighs_nothing_and_never_less():
    rng = np.random.default_rng(2)
    truth = rng.integers(0, 3, 500)
    good = np.full((500, 3), 0.15)
    good[np.arange(500), truth] = 0.7
    bad = np.full((500, 3), 0.45)
    bad[np.arange(500), truth] = 0.1
    pool = fit_opinion_pool(np.stack([good, bad], axis=1), truth, SEEN)
    assert pool.weights[1] == 0


def test_a_class_that_was_never_seen_has_no_probability():
    pool = fit_opinion_pool(
        np.full((6, 2, 3), 1 / 3), np.array([0, 1, 0, 1, 0, 1]), np.array([True, True, False])
    )
    np.testing.assert_allclose(
        pool.probabilities(np.full((1, 2, 3), 1 / 3)), [[0.5, 0.5, 0]], atol=1e-6
    )


def test_the_sum_finds_the_weights_that_made_the_numbers():
    rng = np.random.default_rng(3)
    numbers = rng.normal(0, 1, (500, 2))
    head = fit_weighted_sum(numbers, 3 * numbers[:, 0] - numbers[:, 1] + 5)
    np.testing.assert_allclose(head.weights, [3, -1], atol=0.06)
    np.testing.assert_allclose(head.offset, 5, atol=0.06)


def test_two_equal_parts_share_the_weight():
    x = np.linspace(0, 1, 50)
    head = fit_weighted_sum(np.column_stack([x, x]), x)
    np.testing.assert_allclose(head.weights, [0.5, 0.5])


def test_a_missing_number_is_taken_as_the_mean_of_the_rest():
    x = np.linspace(0, 1, 50)
    head = fit_weighted_sum(np.column_stack([x, x]), x)
    found = head.values(np.array([[0.2, np.nan], [np.nan, np.nan]]))
    np.testing.assert_allclose(found, [0.2, np.nan], atol=1e-9)


def test_the_stack_trusts_the_part_that_is_right(rows, context):
    rng = np.random.default_rng(4)
    truth = rng.integers(0, 2, 90)
    train = rows(truth, x=rng.uniform(0, 1, 90).tolist(), gpt=[["no", "yes"][t] for t in truth])
    contender = make_contender("stack:script+answers:gpt")
    model = contender.fit(train, None, context)
    assert (model.predict(train.inputs, context).codes == truth).all()


def test_the_head_learns_from_predictions_of_rows_held_out(rows, context):
    # A part that knows its rows again is right on all of them, and on no other.
    truth = np.arange(60) % 2
    train = rows(truth, x=(0.3 + 0.4 * truth + np.arange(60) / 1000).tolist())
    model = make_contender("stack:memory+script").fit(train, None, context)
    assert model.head.weights[0] < 0.5 < 1 < model.head.weights[1]


def test_a_part_without_any_prediction_cannot_be_weighed(rows, context):
    train = rows([0, 1, 0, 1], x=[0.1, 0.9, 0.2, 0.8], gpt=["maybe"] * 4)
    with pytest.raises(ContenderError, match="'answers:gpt' predicts no training row"):
        make_contender("stack:script+answers:gpt").fit(train, None, context)
