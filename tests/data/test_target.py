import pandas as pd
import pytest

from bakeoff.core.errors import DataError, UsageError
from bakeoff.data.load import load_dataset
from bakeoff.data.target import infer_kind, infer_target, read_target


def _data(labels, test=None, name="label"):
    def frame(values):
        return pd.DataFrame({"text": [f"some words {i}" for i in range(len(values))], name: values})

    return load_dataset(frame(labels), test=None if test is None else frame(test))


@pytest.mark.parametrize("name", ["label", "Target", "class", "y", "score", "sentiment"])
def test_a_target_is_known_by_its_name(name):
    assert infer_target(_data(["a", "b"] * 5, name=name))[0] == name


def test_without_a_usual_name_all_columns_are_listed():
    with pytest.raises(UsageError, match=r"'text' \(text\), 'opinion' \(category\)[\s\S]*--target"):
        infer_target(_data(["a", "b"] * 5, name="opinion"))


@pytest.mark.parametrize(
    ("labels", "kind"),
    [
        (["pos", "neg"] * 20, "classification"),
        ([0, 1] * 20, "classification"),
        ([0.0, 1.0] * 20, "classification"),
        (["0", "1"] * 20, "classification"),
        ([True, False] * 20, "classification"),
        ([1, 2, 3, 4, 5] * 8, "classification"),
        ([0.5, 1.0] * 20, "regression"),
        ([i * i for i in range(40)], "regression"),
        ([str(i * 1.5) for i in range(40)], "regression"),
        ([*(str(i * 1.5) for i in range(40)), "cheap"], "regression"),
    ],
)
def test_the_kind_follows_from_the_values(labels, kind):
    found, reason = infer_kind(_data(labels), "label")
    assert (found, bool(reason)) == (kind, True)


@pytest.mark.parametrize(
    ("labels", "classes"),
    [
        ([1, 0] * 10, ("0", "1")),
        ([10.0, 9.0] * 10, ("9", "10")),
        (["b", "a"] * 10, ("a", "b")),
        ([True, False] * 10, ("False", "True")),
        (["01", "1"] * 10, ("01", "1")),
    ],
)
def test_classes_are_strings_in_order(labels, classes):
    _, target = read_target(_data(labels), "label")
    assert target.classes == classes
    assert target.values.dtype == "int32"


def test_rows_without_a_label_are_set_aside_and_counted():
    dataset, target = read_target(_data(["a", None, "b", "NaN", "a", "b", "NA"]), "label")
    assert dataset.table["label"].to_pylist() == ["a", "b", "a", "b", "NA"]
    assert [(bad.line, bad.reason) for bad in dataset.set_aside] == [
        (2, "no label in 'label'"),
        (4, "no label in 'label'"),
    ]
    assert (dataset.sources[0].rows_kept, dataset.sources[0].rows_set_aside) == (5, 2)
    assert len(target.values) == len(dataset) == 5


def test_a_number_that_cannot_be_read_is_set_aside():
    labels = [*(str(i * 1.5) for i in range(40)), "5.O"]
    dataset, target = read_target(_data(labels), "label")
    assert dataset.set_aside[0].reason == "'5.O' in 'label' is not a number"
    assert target.values.tolist() == [i * 1.5 for i in range(40)]


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (["a"] * 10, r"a single class, 'a', in 10 rows"),
        ([None] * 10, r"no value in any of 10 rows"),
        ([1, "1"] * 10, r"mixed types: 10 of kind number and 10 of kind text"),
        ([True, "yes"] * 10, r"mixed types: 10 of kind boolean and 10 of kind text"),
        ([f"free words {i}" for i in range(30)], r"looks like free text: 30 different values"),
    ],
)
def test_a_target_that_cannot_be_learnt_is_refused(labels, message):
    with pytest.raises(DataError, match=message):
        read_target(_data(labels), "label")


def test_a_single_number_is_no_target():
    with pytest.raises(DataError, match=r"a single value, 2\.5, in 10 rows"):
        read_target(_data([2.5] * 10), "label", "regression")


def test_types_mixed_between_train_and_test_are_refused():
    with pytest.raises(DataError, match=r"10 of kind number and 4 of kind text"):
        read_target(_data([0, 1] * 5, test=["0", "1"] * 2), "label")


def test_a_class_of_the_test_alone_is_still_a_class():
    _, target = read_target(_data(["a", "b"] * 5, test=["c", "a"]), "label")
    assert target.classes == ("a", "b", "c")


def test_a_wrong_name_shows_the_nearest():
    with pytest.raises(UsageError, match="did you mean 'label'"):
        read_target(_data(["a", "b"]), "lable")


def test_an_unknown_kind_is_refused():
    with pytest.raises(UsageError, match="unknown kind 'ranking'"):
        read_target(_data(["a", "b"] * 5), "label", "ranking")
