import gzip

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bakeoff.core.errors import DataError
from bakeoff.data.readers.parquet import read


def test_plain_types_come_back(tmp_path):
    path = tmp_path / "rows.parquet"
    table = pa.table(
        {
            "kind": pa.array(["a", "b"]).dictionary_encode(),
            "small": pa.array([1, 2], pa.int8()),
            "half": pa.array([0.5, None], pa.float32()),
            "tags": pa.array([["x"], []]),
            "nothing": pa.nulls(2),
            "picture": pa.array([{"bytes": b"1", "path": "a"}, {"bytes": b"2", "path": "b"}]),
        }
    )
    pq.write_table(table, path)
    packed = tmp_path / "rows.parquet.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    for file in (path, packed):
        assert read(file, "rows").table.to_pydict() == {
            "kind": ["a", "b"],
            "small": [1, 2],
            "half": [0.5, None],
            "tags": ['["x"]', "[]"],
            "nothing": [None, None],
            "picture": [b"1", b"2"],
        }


@pytest.mark.parametrize("damage", [lambda data: data[:-10], lambda data: b"PAR1" + b"x" * 99])
def test_a_damaged_file_is_refused(tmp_path, damage):
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.table({"a": [1, 2, 3]}), path)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(DataError, match="is not a whole Parquet file"):
        read(path, "rows")


def test_columns_without_rows_are_refused(tmp_path):
    pq.write_table(pa.table({"a": pa.array([], pa.string())}), tmp_path / "rows.parquet")
    with pytest.raises(DataError, match="has columns and no rows"):
        read(tmp_path / "rows.parquet", "rows")
