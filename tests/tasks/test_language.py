"""The kind of task whose texts are their own answers."""

import math

import numpy as np
import pyarrow as pa
import pytest

from bakeoff.data.columns import Column, ColumnType
from bakeoff.tasks.kind import load_kind
from bakeoff.tasks.language import LANGUAGE_MODELLING
from bakeoff.tasks.predictions import Predictions
from bakeoff.tasks.spec import TaskSpec

KIND = load_kind(LANGUAGE_MODELLING)
TASK = TaskSpec(
    kind=LANGUAGE_MODELLING,
    inputs=(Column("text", ColumnType.TEXT),),
    target="text",
    metrics=KIND.metrics,
)


def predicted(nats):
    return Predictions.of_nats(np.arange(len(nats), dtype=np.int64), np.array(nats))


def test_targets_are_the_texts_and_nothing_where_missing():
    found = KIND.targets(pa.chunked_array([["one", None], ["", "two"]]), ())
    assert found.dtype == object
    assert found.tolist() == ["one", "", "", "two"]


def test_metrics_get_texts_and_nats():
    targets = KIND.targets(pa.chunked_array([["one", "two"]]), ())
    pairs = KIND.pairs(TASK, targets, predicted([1.5, math.nan]))
    assert pairs.truth.tolist() == ["one", "two"]
    assert pairs.predicted[0] == 1.5
    assert math.isnan(pairs.predicted[1])


def test_nats_that_are_not_known_are_missing():
    found = predicted([0.0, math.nan])
    assert found.status == [None, "missing"]
    assert KIND.display(TASK, found) == ["0", ""]


def test_rows_are_split_into_stretches():
    assert KIND.split_rule().name == "contiguous"


@pytest.mark.parametrize(
    ("text", "nats", "status"),
    [
        ("12.5", 12.5, None),
        ("0", 0.0, None),
        ("", None, "missing"),
        (None, None, "missing"),
        ("-1", None, "outside"),
        ("inf", None, "outside"),
        ("nan", None, "outside"),
        ("many", None, "outside"),
    ],
)
def test_answers_are_read_as_nats(text, nats, status):
    found, why = KIND.answers(TASK, [text])
    assert why == [status]
    assert (None if math.isnan(found[0]) else found[0]) == nats
