"""What every contender of this project keeps, whatever its family."""

from __future__ import annotations

import numpy as np
import pytest

from bakeoff.contenders.registry import make_contender

TEXT = ["majority", "ngram-linear"]
NUMBERS = ["majority", "ngram-linear"]


@pytest.fixture
def numbered(reviews, examples):
    texts = reviews.inputs.texts("text")
    targets = reviews.targets * 2.0 + [len(text) / 50 for text in texts]
    return examples({"text": texts}, {"text": "text"}, targets.tolist(), "regression")


def outputs(fitted, inputs, context):
    found = fitted.predict(inputs, context)
    return found.values if "value" in found.table.column_names else found.probabilities


CASES = [(spec, "reviews") for spec in TEXT] + [(spec, "numbered") for spec in NUMBERS]


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
    np.testing.assert_allclose(outputs(fitted, inputs.take(order), context), whole[order])
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
    kept = np.flatnonzero(rows.targets != 1)
    found = contender.fit(rows.take(kept), None, context).predict(rows.inputs, context)
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1)
    assert (found.probabilities[:, 1] == 0).all()
    assert (found.probabilities[np.arange(len(rows)), found.codes] > 0).all()


def test_empty_texts_are_answered(case, context, examples):
    contender, rows = case
    fitted = contender.fit(rows, None, context)
    odd = examples({"text": ["", "  \n", "\u4e0d\u597d", None]}, {"text": "text"}, ["x"] * 4)
    assert not fitted.predict(odd.inputs, context).is_missing.any()


def test_one_class_alone_can_be_learned(case, context):
    contender, rows = case
    same = rows.take(np.flatnonzero(rows.targets == rows.targets[0]))
    found = contender.fit(same, None, context).predict(rows.inputs, context)
    if rows.task.kind == "classification":
        assert (found.codes == rows.targets[0]).all()
    else:
        np.testing.assert_allclose(found.values, rows.targets[0], atol=0.1)
