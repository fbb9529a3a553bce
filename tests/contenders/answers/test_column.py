from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest

from bakeoff.contenders.answers.column import Answers
from bakeoff.contenders.artefacts import load_model, save_model
from bakeoff.contenders.registry import make_contender
from bakeoff.core.errors import ContenderError, UsageError
from bakeoff.data.columns import Column, ColumnType
from bakeoff.data.inputs import Inputs
from bakeoff.tasks.examples import Examples
from bakeoff.tasks.spec import TaskSpec

if TYPE_CHECKING:
    from pathlib import Path

    from bakeoff.contenders.base import Contender

CONTEXT = None
"""Answers ask nothing of their context."""


def given(answers: list[str | None], kind: str = "classification") -> Examples:
    classes = ("bad", "good") if kind == "classification" else ()
    text = Column("text", ColumnType.TEXT)
    task = TaskSpec(kind, (text,), "label", ("accuracy",), classes)
    table = pa.table(
        {
            "text": ["row"] * len(answers),
            "gpt: v2": pa.array(answers, pa.string()),
        }
    )
    inputs = Inputs(
        np.arange(len(answers)) + 5, table, (text, Column("gpt: v2", ColumnType.ANSWER))
    )
    return Examples(task, inputs, np.zeros(len(answers), np.int32))


def contender() -> Contender:
    return make_contender("answers:gpt: v2")


def test_labels_are_read_and_what_is_not_one_has_a_status():
    rows = given(["good", " BAD ", "maybe", None, "  "])
    predictions = contender().fit(rows, None, CONTEXT).predict(rows.inputs, CONTEXT)
    assert predictions.codes.tolist() == [1, 0, -1, -1, -1]
    assert predictions.status == [None, None, "outside", "missing", "missing"]
    assert predictions.ids.tolist() == [5, 6, 7, 8, 9]
    assert predictions.probabilities is None
    assert np.isnan(predictions.confidence).all()


def test_numbers_are_read():
    rows = given(["1.5", "about 2", None, "-3e2"], "regression")
    predictions = contender().fit(rows, None, CONTEXT).predict(rows.inputs, CONTEXT)
    np.testing.assert_array_equal(predictions.values, [1.5, np.nan, np.nan, -300])
    assert predictions.status == [None, "outside", "missing", None]


def test_every_row_that_was_answered_is_paid_for_usable_or_not():
    rows = given(["good", "maybe", None])
    predictions = contender().fit(rows, None, CONTEXT).predict(rows.inputs, CONTEXT)
    assert predictions.usage == [{"answers:gpt: v2/row": 1.0}, {"answers:gpt: v2/row": 1.0}, {}]


def test_the_column_is_named_to_the_runner_and_survives_the_spec():
    assert contender().columns() == ("gpt: v2",)
    assert contender().name == "answers:gpt: v2"
    assert make_contender(contender().name) == Answers("gpt: v2")
    assert contender().settings() == {"column": "gpt: v2"}


@pytest.mark.parametrize("spec", ["answers", "answers:", "answers@column=x:y"])
def test_a_spec_without_a_column_or_with_settings_is_refused(spec: str):
    with pytest.raises(UsageError, match="'answers'"):
        make_contender(spec)


def test_inputs_without_the_column_are_a_clear_error():
    rows = given(["good"])
    fitted = contender().fit(rows, None, CONTEXT)
    with pytest.raises(ContenderError, match="no input column 'gpt: v2'"):
        fitted.predict(rows.inputs.select(["text"]), CONTEXT)


def test_a_saved_one_reads_the_same(tmp_path: Path):
    rows = given(["good", None, "maybe"])
    fitted = contender().fit(rows, None, CONTEXT)
    save_model(contender(), rows.task, fitted, tmp_path)
    again = load_model(tmp_path)
    assert again.contender == contender()
    assert again.fitted.predict(rows.inputs, CONTEXT).table.equals(
        fitted.predict(rows.inputs, CONTEXT).table
    )
