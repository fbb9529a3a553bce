from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from bakeoff.data.columns import Column, ColumnType
from bakeoff.data.inputs import Inputs
from bakeoff.models.state import load_state, save_state
from bakeoff.models.table_arrays import TableArrays

COLUMNS = (
    Column("size", ColumnType.NUMBER),
    Column("colour", ColumnType.CATEGORY),
    Column("seen", ColumnType.DATE),
    Column("note", ColumnType.TEXT),
)


def inputs(sizes, colours):
    n = len(sizes)
    table = pa.table(
        {
            "size": pa.array(sizes, pa.float64()),
            "colour": pa.array(colours, pa.large_string()),
            "seen": pa.array(range(n), pa.timestamp("s")),
            "note": pa.array(["x"] * n, pa.large_string()),
        }
    )
    return Inputs(np.arange(n), table, COLUMNS)


@pytest.fixture
def table():
    return TableArrays.fit(inputs([1.0, 2.0, None, 4.0], ["red", "red", "blue", None]))


def test_unknown_and_missing_categories_share_code_0(table):
    found = table.arrays(inputs([1, 2, 3], ["blue", "green", None]))
    assert found["codes"].tolist() == [[2], [0], [0]]
    assert table.sizes == (3,)


def test_numbers_are_scaled_and_told_where_missing(table):
    found = table.arrays(inputs([None, 2.0], ["red", "red"]))["numbers"]
    assert found.shape == (2, table.n_numbers)
    assert np.isfinite(found).all()
    missing = found[:, 2 * table.n_numbers // 3]
    assert missing.tolist() == [1, 0]


def test_saved_columns_read_the_same(table, tmp_path):
    save_state(tmp_path, *table.state())
    again = TableArrays.of_state(load_state(tmp_path))
    rows = inputs([7.0, None, 1.5], ["blue", "red", "violet"])
    for name, array in table.arrays(rows).items():
        np.testing.assert_array_equal(again.arrays(rows)[name], array)


def test_columns_without_rows_to_read_are_empty(table):
    assert table.arrays(inputs([], []))["numbers"].shape == (0, table.n_numbers)
