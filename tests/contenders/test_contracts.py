"""What every contender of this project keeps, whatever its family."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from bakeoff.contenders.registry import make_contender
from bakeoff.tasks.examples import Examples

TEXT = ["majority", "stratified-random", "ngram-linear", "bm25-knn", "word2vec-linear"]
IMAGES = ["majority", "pixels-linear", "hog-linear", "pixels-linear@features=both", "pixels-knn"]
TABLES = ["majority", "tabular-linear", "lightgbm"]
CASES = [
    *((spec, fixture) for spec in TEXT for fixture in ("reviews", "numbered")),
    ("ngram-lm", "reviews"),
    *((spec, fixture) for spec in IMAGES for fixture in ("pictures", "shades")),
    *((spec, fixture) for spec in TABLES for fixture in ("mixed", "amounts")),
    *(("pair-linear", fixture) for fixture in ("pairs", "likeness")),
]


@pytest.fixture
def numbered(reviews):
    texts = reviews.inputs.texts("text")
    return as_numbers(reviews, reviews.targets * 2.0 + [len(text) / 50 for text in texts])


@pytest.fixture
def amounts(mixed):
    return as_numbers(mixed, mixed.targets + 0.5)


@pytest.fixture
def likeness(pairs):
    return as_numbers(pairs, pairs.targets + 0.5)


@pytest.fixture
def shades(pictures):
    return as_numbers(pictures, pictures.targets + 0.5)


def as_numbers(rows, targets):
    task = replace(rows.task, kind="regression", classes=(), metrics=("mse",))
    return Examples(task, rows.inputs, targets)


def outputs(fitted, inputs, context):
    """Return numbers, probabilities or, where there are none, class codes."""
    found = fitted.predict(inputs, context)
    if "value" in found.table.column_names:
        return found.values
    return found.codes if found.probabilities is None else found.probabilities


@pytest.fixture(params=CASES, ids=lambda case: "-".join(case))
def case(request):
    spec, kind = request.param
    return make_contender(spec), request.getfixturevalue(kind)


def test_predictions_hang_on_the_row_alone(case, context):
    contender, rows = case
    fitted = contender.fit(rows.take(range(60)), rows.take(range(60, 80)), context)
    inputs = rows.inputs.take(range(80, 120))
    whole = outputs(fitted, inputs, context)
    order = np.random.default_rng(1).permutation(40)
    shuffled = outputs(fitted, inputs.take(order), context)
    np.testing.assert_allclose(shuffled, whole[order], atol=1e-6)
    alone = np.concatenate([outputs(fitted, inputs.take([i]), context) for i in range(5)])
    np.testing.assert_allclose(alone, whole[:5], atol=1e-6)


def test_a_loaded_model_predicts_the_same(case, context, tmp_path):
    contender, rows = case
    fitted = contender.fit(rows.take(range(90)), rows.take(range(90, 120)), context)
    fitted.save(tmp_path)
    again = contender.load(tmp_path, rows.task)
    found = again.predict(rows.inputs, context)
    assert found.table.equals(fitted.predict(rows.inputs, context).table)


def test_the_same_seed_gives_the_same_model(case, context):
    contender, rows = case
    first, second = (contender.fit(rows, None, context) for _ in range(2))
    found = first.predict(rows.inputs, context)
    assert found.table.equals(second.predict(rows.inputs, context).table)


def test_no_rows_are_predicted_as_no_rows(case, context):
    contender, rows = case
    found = contender.fit(rows, None, context).predict(rows.inputs.take([]), context)
    assert len(found) == 0


def test_one_row_is_enough_to_learn_from(case, context):
    contender, rows = case
    found = contender.fit(rows.take([0]), None, context).predict(rows.inputs, context)
    assert not found.is_missing.any()


def test_probabilities_sum_to_one_and_absent_classes_get_none(case, context):
    contender, rows = case
    if rows.task.kind != "classification":
        rows = rows.take(range(10))
        values = outputs(contender.fit(rows, None, context), rows.inputs, context)
        assert np.isfinite(values).all()
        return
    if len(rows.task.classes) == 2:
        rows = replace(rows, task=replace(rows.task, classes=("no", "absent", "yes")))
        rows = replace(rows, targets=rows.targets * 2)
    kept = np.flatnonzero(rows.targets != 1)
    found = contender.fit(rows.take(kept), None, context).predict(rows.inputs, context)
    assert set(found.codes) <= {0, 2}
    if found.probabilities is not None:
        np.testing.assert_allclose(found.probabilities.sum(axis=1), 1)
        assert (found.probabilities[:, 1] == 0).all()
        np.testing.assert_array_equal(found.probabilities.argmax(axis=1), found.codes)


def test_missing_inputs_are_answered(case, context):
    contender, rows = case
    fitted = contender.fit(rows, None, context)
    table = rows.inputs.table
    nothing = {name: pa.nulls(2, table[name].type) for name in table.column_names}
    some = rows.inputs.take([0, 1])
    found = fitted.predict(replace(some, table=pa.table(nothing)), context)
    assert not found.is_missing.any()


def test_one_class_alone_can_be_learned(case, context):
    contender, rows = case
    same = rows.take(np.flatnonzero(rows.targets == rows.targets[0]))
    found = contender.fit(same, None, context).predict(rows.inputs, context)
    if rows.task.kind == "classification":
        assert (found.codes == rows.targets[0]).all()
    else:
        np.testing.assert_allclose(found.values, rows.targets[0], atol=0.1)
