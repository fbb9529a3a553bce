from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from bakeoff.data.columns import ColumnType
from bakeoff.tasks.kind import load_kind
from bakeoff.testing.examples import MODALITIES, specimen


@pytest.mark.parametrize("modality", MODALITIES)
@pytest.mark.parametrize("kind", ["classification", "regression"])
def test_the_same_arguments_give_the_same_rows_and_parts_share_none(modality, kind):
    one, again = (specimen(modality, kind, n_classes=5) for _ in range(2))
    assert one.train.inputs.table.equals(again.train.inputs.table)
    assert np.array_equal(one.fresh.targets, again.fresh.targets)
    parts = [set(part.inputs.ids) for part in (one.train, one.valid, one.fresh)]
    assert [len(part) for part in parts] == [72, 12, 60]
    assert len(set.union(*parts)) == 144
    other = specimen(modality, kind, n_classes=5, seed=1)
    assert not one.train.inputs.table.equals(other.train.inputs.table)


def test_classes_are_balanced_and_each_stands_in_every_part():
    made = specimen("table", n_classes=5)
    together = np.concatenate([made.train.targets, made.valid.targets, made.fresh.targets])
    assert np.ptp(np.bincount(together)) <= 1
    assert set(made.train.targets) == set(made.fresh.targets) == set(range(5))


@pytest.mark.parametrize("modality", MODALITIES)
def test_cells_have_the_types_that_the_columns_say(modality):
    made = specimen(modality, "regression")
    for column in made.train.inputs.columns:
        if column.type in (ColumnType.NUMBER, ColumnType.DATE):
            assert made.train.inputs.numbers(column.name).dtype == np.float64
        elif column.type == ColumnType.IMAGE:
            picture = Image.open(io.BytesIO(made.train.inputs.images(column.name)[0]))
            assert picture.size == (12, 12)
        else:
            assert any(made.train.inputs.texts(column.name))


def test_tables_have_missing_cells():
    table = specimen("table").train.inputs.table
    assert all(table[name].null_count > 0 for name in table.column_names)


def test_answers_are_mostly_right_sometimes_missing_or_unusable():
    made = specimen("text", n_classes=5, answers=("gpt",), sizes=(500, 10, 10))
    inputs = made.train.inputs
    assert "gpt" not in made.task.input_names
    codes, status = load_kind("classification").answers(made.task, inputs.categories("gpt"))
    assert (codes == made.train.targets).mean() == pytest.approx(0.82, abs=0.06)
    assert {"missing", "outside", None} == set(status)
