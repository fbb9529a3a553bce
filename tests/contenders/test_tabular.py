from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from bakeoff.contenders.registry import make_contender

BOTH = pytest.mark.parametrize("spec", ["tabular-linear", "lightgbm"])


def accuracy(spec, train, valid, test, context):
    found = make_contender(spec).fit(train, valid, context).predict(test.inputs, context)
    return (found.codes == test.targets).mean()


@BOTH
def test_numbers_are_learned_in_spite_of_gaps(spec, mixed, context):
    rows = replace(mixed, inputs=mixed.inputs.select(["number", "empty"]))
    parts = (rows.take(range(a, b)) for a, b in ((0, 70), (70, 90), (90, 120)))
    assert accuracy(spec, *parts, context) > 0.8


@BOTH
def test_categories_are_learned_and_unseen_ones_answered(spec, examples, context):
    values = ["red", "blue", "green", None] * 30
    rows = examples({"c": values}, {"c": "category"}, ["x", "y", "x", "y"] * 30)
    assert accuracy(spec, rows.take(range(80)), rows.take(range(80, 100)), rows, context) == 1.0
    fitted = make_contender(spec).fit(rows, None, context)
    new = replace(rows.inputs, ids=np.arange(1), table=pa.table({"c": ["violet"]}))
    assert not fitted.predict(new, context).is_missing.any()


@BOTH
def test_texts_and_columns_are_used_together(spec, examples, context):
    rng = np.random.default_rng(0)
    good, big = rng.integers(0, 2, 300), rng.integers(0, 2, 300)
    texts = [f"{['awful', 'lovely'][g]} thing {rng.integers(9)}" for g in good]
    numbers = big + rng.normal(0, 0.1, 300)
    labels = [f"{g}{b}" for g, b in zip(good, big, strict=True)]
    rows = examples({"t": texts, "n": numbers}, {"t": "text", "n": "number"}, labels)
    parts = [rows.take(range(a, b)) for a, b in ((0, 200), (200, 250), (250, 300))]
    assert accuracy(spec, *parts, context) > 0.95


def test_trees_are_the_same_with_more_threads(mixed, context):
    contender = make_contender("lightgbm")
    one, two = (
        contender.fit(mixed, None, replace(context, threads=n)).predict(mixed.inputs, context)
        for n in (1, 2)
    )
    assert one.table.equals(two.table)


@BOTH
def test_texts_alone_are_refused(spec, reviews):
    assert "needs a" in make_contender(spec).refuses(reviews.task)
