import datetime as dt

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from bakeoff.core.errors import DataError, UsageError
from bakeoff.data.load import load_dataset

CSV = "text,stars,price,day,kind\n" + "".join(
    f"review number {i} of this,{i % 5},{i / 4},2024-01-{i % 28 + 1:02},{'ab'[i % 2]}\n"
    for i in range(60)
)


@pytest.fixture
def frame(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text(CSV)
    return pd.read_csv(path)


def test_csv_parquet_jsonl_and_frames_have_one_fingerprint(tmp_path, frame):
    (tmp_path / "rows.csv").write_text(CSV)
    frame.to_parquet(tmp_path / "rows.parquet")
    frame.to_json(tmp_path / "rows.jsonl", orient="records", lines=True, double_precision=15)
    sources = [
        *(tmp_path / f"rows.{suffix}" for suffix in ("csv", "parquet", "jsonl")),
        frame,
        pa.Table.from_pandas(frame),
        pa.Table.from_pandas(frame).to_batches()[0],
        pytest.importorskip("polars").from_pandas(frame),
        pytest.importorskip("polars").from_pandas(frame).lazy(),
    ]
    assert len({load_dataset(source).fingerprint for source in sources}) == 1


def test_the_order_of_rows_changes_the_fingerprint(frame):
    assert load_dataset(frame).fingerprint != load_dataset(frame.iloc[::-1]).fingerprint


def test_the_part_of_a_row_changes_the_fingerprint(frame):
    whole = load_dataset(frame)
    split = load_dataset(frame.iloc[:40], test=frame.iloc[40:])
    assert len(whole) == len(split)
    assert whole.fingerprint != split.fingerprint


def test_missing_values_of_pandas_are_missing(frame):
    rows = pd.DataFrame({"a": ["x", None, np.nan, pd.NA], "b": [1.0, np.nan, 2.5, 3.0]})
    dataset = load_dataset(rows)
    assert dataset.table["a"].to_pylist() == ["x", None, None, None]
    assert dataset.table["b"].to_pylist() == [1.0, None, 2.5, 3.0]


def test_typed_columns_of_pandas_are_read():
    rows = pd.DataFrame(
        {
            "flag": [True, False, True],
            "kind": pd.Categorical(["a", "b", "a"]),
            "day": pd.to_datetime(["2024-01-01", "2024-01-02", None]),
            "when": [dt.date(2024, 1, 1), dt.date(2024, 1, 2), None],
        }
    )
    dataset = load_dataset(rows)
    assert [column.type.value for column in dataset.columns] == [
        "category",
        "category",
        "date",
        "date",
    ]
    assert dataset.table["flag"].to_pylist() == ["True", "False", "True"]


def test_class_labels_of_hugging_face_get_their_names():
    datasets = pytest.importorskip("datasets")
    features = datasets.Features(
        {"text": datasets.Value("string"), "label": datasets.ClassLabel(names=["no", "yes"])}
    )
    rows = datasets.Dataset.from_dict({"text": ["a", "b"], "label": [1, 0]}, features=features)
    assert load_dataset(rows).table["label"].to_pylist() == ["yes", "no"]
    with pytest.raises(UsageError, match="several splits: 'train'"):
        load_dataset(datasets.DatasetDict({"train": rows}))


@pytest.mark.parametrize(
    ("source", "error"),
    [
        (pd.DataFrame({"a": []}), DataError),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), DataError),
        (pd.Series([1, 2]), UsageError),
        (pa.array([1, 2]), UsageError),
        (object(), UsageError),
    ],
)
def test_what_is_no_table_is_refused(source, error):
    with pytest.raises(error):
        load_dataset(source)
