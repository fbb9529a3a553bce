from __future__ import annotations

import json

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LinearRegression
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline
from sklearn.tree import DecisionTreeClassifier

from bakeoff.contenders.foreign.python_callable import PythonCallable
from bakeoff.contenders.foreign.sklearn_estimator import SklearnEstimator
from bakeoff.contenders.registry import make_contender
from bakeoff.core.errors import ArtefactError, ContenderError, UsageError


def test_a_pipeline_reads_a_single_text_column_as_strings(reviews, context):
    contender = SklearnEstimator(make_pipeline(CountVectorizer(), MultinomialNB()))
    fitted = contender.fit(reviews.take(range(80)), reviews.take(range(80, 100)), context)
    test = reviews.take(range(100, 120))
    found = fitted.predict(test.inputs, context)
    assert (found.codes == test.targets).mean() > 0.9
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1)


def test_several_columns_come_as_a_frame_and_the_seed_is_set(examples, context):
    rows = examples(
        {"x": [0.0, 1, 2, 3], "y": [1.0, 0, 1, 0]},
        {"x": "number", "y": "number"},
        ["a", "a", "b", "b"],
    )
    fitted = make_contender("sklearn@max_depth=1:sklearn.tree.DecisionTreeClassifier").fit(
        rows, None, context
    )
    assert fitted.estimator.random_state == context.seed
    assert fitted.estimator.feature_names_in_.tolist() == ["x", "y"]
    assert fitted.predict(rows.inputs, context).codes.tolist() == [0, 0, 1, 1]
    assert len(fitted.predict(rows.inputs.take([]), context)) == 0


def test_names_tell_estimators_apart():
    names = {
        SklearnEstimator(estimator).name
        for estimator in (
            DecisionTreeClassifier(),
            DecisionTreeClassifier(max_depth=2),
            make_pipeline(CountVectorizer(), MultinomialNB()),
            make_pipeline(CountVectorizer(ngram_range=(1, 2)), MultinomialNB()),
        )
    }
    assert len(names) == 4
    assert SklearnEstimator(MultinomialNB(), label="bayes").name == "bayes"
    spec = "sklearn@max_depth=2:sklearn.tree._classes.DecisionTreeClassifier"
    assert make_contender(spec).name == spec


def test_a_regressor_is_refused_for_classes(reviews):
    assert "predicts numbers" in SklearnEstimator(LinearRegression()).refuses(reviews.task)


def test_an_estimator_that_raises_is_a_row_with_its_reason(reviews, context):
    with pytest.raises(ContenderError, match="cannot be fitted"):
        SklearnEstimator(DecisionTreeClassifier()).fit(reviews, None, context)


@pytest.mark.parametrize(
    "spec",
    [
        "sklearn:nothing",
        "sklearn:sklearn.tree.NoSuch",
        "sklearn@nope=1:sklearn.tree.DecisionTreeClassifier",
        "python:json",
        "python:json:nothing",
        "python:json:__name__",
    ],
)
def test_a_wrong_spec_is_a_usage_error(spec):
    with pytest.raises(UsageError):
        make_contender(spec)


def test_foreign_objects_cannot_be_shipped(reviews, context, tmp_path):
    contender = SklearnEstimator(make_pipeline(CountVectorizer(), MultinomialNB()))
    with pytest.raises(ArtefactError, match="cannot be shipped"):
        contender.fit(reviews, None, context).save(tmp_path)
    with pytest.raises(ArtefactError, match="cannot be shipped"):
        PythonCallable(json.dumps).fit(reviews, None, context).save(tmp_path)


def test_a_function_answers_rows(reviews, context):
    def rule(rows):
        answers = {"lovely": "good", "awful": "bad", "slow": None, "cold": "unheard of"}
        return [next((answers[w] for w in answers if w in row["text"]), "so") for row in rows]

    contender = PythonCallable(rule)
    assert not contender.card.learns
    found = contender.fit(reviews, None, context).predict(reviews.inputs, context)
    texts = reviews.inputs.texts("text")
    for text, code, status in zip(texts, found.codes, found.status, strict=True):
        expected = {
            "lovely": (1, None),
            "awful": (0, None),
            "slow": (-1, "missing"),
            "cold": (-1, "outside"),
        }
        word = next((w for w in expected if w in text), None)
        assert (code, status) == (expected[word] if word else (2, None))


def test_a_function_may_answer_numbers(examples, context):
    rows = examples({"t": ["a", "bb"]}, {"t": "text"}, [1, 2], "regression")
    found = PythonCallable(lambda rows: [len(row["t"]) for row in rows]).fit(rows, None, context)
    assert found.predict(rows.inputs, context).values.tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda rows: [1], "1 answers for 2 rows"),
        (lambda rows: ["x", "y"], "not a number"),
        (lambda rows: 1 / 0, "ZeroDivisionError"),
    ],
)
def test_a_function_that_breaks_its_contract_is_named(function, message, examples, context):
    rows = examples({"t": ["a", "bb"]}, {"t": "text"}, [1, 2], "regression")
    fitted = PythonCallable(function).fit(rows, None, context)
    with pytest.raises(ContenderError, match=message):
        fitted.predict(rows.inputs, context)


def test_a_function_is_found_by_its_name():
    assert make_contender("python:json:dumps").name == "python:json:dumps"
