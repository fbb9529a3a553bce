"""Rows without a label: which are kept, and that none carries a labelled row into training."""

import pandas as pd
import pytest

from bakeoff.core.errors import UsageError
from bakeoff.data.audit.base import Subject
from bakeoff.data.load import load_dataset
from bakeoff.data.target import read_target
from bakeoff.data.unlabelled import find_unlabelled

WORDS = ["crisp apples", "stale bread", "merry songs", "grim tales", "lush meadows", "dull knives"]


def texts(count, offset=0):
    return [
        f"{WORDS[i % 6]} number {i * 7919 + 13} of lot {i * 31}"
        for i in range(offset, offset + count)
    ]


@pytest.fixture
def found(tmp_path):
    def find(frame, extra=None, group=None, **options):
        before = load_dataset(frame)
        dataset, target = read_target(before, "label")
        file = None
        if extra is not None:
            file = str(tmp_path / "more.csv")
            extra.to_csv(file, index=False)
        subject = Subject(dataset, target, ("text",), group)
        return find_unlabelled(subject, before, file, **options)

    return find


def frame(labels, **columns):
    return pd.DataFrame({"text": texts(len(labels)), "label": labels, **columns})


def test_with_all_labels_there_are_none(found):
    assert found(frame(["a", "b"] * 4)) is None


def test_rows_of_the_main_file_whose_label_is_missing_are_kept(found):
    made = frame(["a", "b"] * 4 + [None, "", "nan"])
    unlabelled = found(made)
    assert unlabelled.table["text"].to_pylist() == made["text"].tolist()[-3:]
    assert unlabelled.twins == 0


def test_a_number_that_cannot_be_read_is_a_fault_and_no_missing_label(found):
    made = frame(["1.5", "2.5", "3.25", "4.75", "cheap", None])
    assert found(made).table.num_rows == 1


def test_a_row_that_repeats_a_labelled_one_is_left_out(found):
    made = frame(["a", "b"] * 4 + [None, None])
    made.loc[8, "text"] = made.loc[0, "text"]
    unlabelled = found(made)
    assert (unlabelled.table.num_rows, unlabelled.twins) == (1, 1)


def test_a_row_of_a_labelled_rows_group_is_left_out(found):
    made = frame(["a", "b"] * 4 + [None, None], who=["ann", "ben"] * 4 + ["ann", "carl"])
    unlabelled = found(made, group="who")
    assert (unlabelled.table["who"].to_pylist(), unlabelled.twins) == (["carl"], 1)


def test_a_file_brings_more_and_its_own_labels_are_not_read(found):
    extra = pd.DataFrame({"text": texts(5, offset=40), "label": ["a"] * 5, "other": range(5)})
    unlabelled = found(frame(["a", "b"] * 4 + [None]), extra)
    assert unlabelled.table.num_rows == 6
    assert unlabelled.table.column_names == ["text"]
    assert found(frame(["a", "b"] * 4), extra, limit=2).table.num_rows == 2


def test_a_file_without_an_input_is_refused(found):
    with pytest.raises(UsageError, match="no column 'text'"):
        found(frame(["a", "b"] * 4), pd.DataFrame({"txt": texts(3)}))
