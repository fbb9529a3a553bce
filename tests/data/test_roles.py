import pandas as pd
import pytest

from bakeoff.core.errors import DataError, UsageError
from bakeoff.data.load import load_dataset
from bakeoff.data.roles import assign_roles, input_names, text_pair

N = 40


@pytest.fixture
def dataset():
    return load_dataset(
        pd.DataFrame(
            {
                "id": [f"x{i}" for i in range(N)],
                "sentence1": [f"first words {i}" for i in range(N)],
                "sentence2": [f"other words {i}" for i in range(N)],
                "genre": ["news", "forum"] * (N // 2),
                "price": [i * i for i in range(N)],
                "empty": [None] * N,
                "label": ["a", "b"] * (N // 2),
            }
        )
    )


def test_every_column_has_a_role_and_a_reason(dataset):
    roles = assign_roles(dataset, "label")
    assert [(role.name, role.role) for role in roles] == [
        ("id", "id"),
        ("sentence1", "input"),
        ("sentence2", "input"),
        ("genre", "input"),
        ("price", "input"),
        ("empty", "unused"),
        ("label", "target"),
    ]
    assert all(role.reason for role in roles)


def test_inputs_that_are_named_are_the_only_ones(dataset):
    roles = assign_roles(dataset, "label", texts=["sentence1", "sentence2"])
    assert input_names(roles) == ("sentence1", "sentence2")
    genre = next(role for role in roles if role.name == "genre")
    assert (genre.role, "--category" in genre.reason) == ("unused", True)


def test_two_texts_are_a_pair(dataset):
    names = input_names(assign_roles(dataset, "label"))
    assert text_pair(dataset, names) == ("sentence1", "sentence2")
    assert text_pair(dataset, ["sentence1", "genre"]) is None


def test_a_group_is_no_input(dataset):
    roles = assign_roles(dataset, "label", group="genre", ignore=["price"], id_column="sentence2")
    assert input_names(roles) == ("sentence1",)
    assert {role.name: role.role for role in roles}["genre"] == "group"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"texts": ["label"]}, r"'label' is given twice: as --target and as --text"),
        ({"texts": ["sentence1"], "ignore": ["sentence1"]}, r"as --text and as --ignore"),
        ({"group": "gender"}, r"did you mean 'genre'"),
        ({"inputs": ["id"]}, r"of type id and cannot be an input"),
    ],
)
def test_options_that_cannot_hold_together_are_refused(dataset, options, message):
    with pytest.raises(UsageError, match=message):
        assign_roles(dataset, "label", **options)


def test_without_an_input_the_reasons_are_shown(dataset):
    ignored = ["sentence1", "sentence2", "genre", "price"]
    with pytest.raises(DataError, match=r"no input column[\s\S]*'empty': unused"):
        assign_roles(dataset, "label", ignore=ignored)
