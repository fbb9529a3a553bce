"""Which column's text is modelled, and what is said where none can be."""

import pandas as pd
import pytest

from bakeoff.core.errors import UsageError
from bakeoff.data.columns import ColumnType
from bakeoff.data.corpus import read_texts, text_column, text_roles
from bakeoff.data.load import load_dataset


def dataset(**columns):
    types = {name: ColumnType.TEXT for name in columns if name.startswith("text")}
    return load_dataset(pd.DataFrame(columns), types=types)


BOTH = {"text": ["one two", None, "three"], "text_2": ["a", "b", "c"], "n": [1.5, 2.5, 3.5]}


def test_the_only_text_is_found():
    rows = dataset(text=BOTH["text"], n=BOTH["n"])
    assert text_column(rows, ())[0] == "text"


def test_a_named_text_is_taken_twice_or_once():
    assert text_column(dataset(**BOTH), ("text_2", "text_2")) == ("text_2", "given by the user")


@pytest.mark.parametrize(
    ("columns", "asked", "said"),
    [
        (BOTH, (), ("there are 2: 'text', 'text_2'", "--text COLUMN")),
        ({"n": [1.5, 2.5]}, (), ("there is none", "--text COLUMN")),
        (BOTH, ("n",), ("'n' is of type number", "--text n")),
        (BOTH, ("text", "text_2"), ("there are 2", "--text COLUMN")),
    ],
)
def test_what_cannot_be_modelled_is_refused_with_a_way_out(columns, asked, said):
    with pytest.raises(UsageError) as caught:
        text_column(dataset(**columns), asked)
    assert all(part in str(caught.value) for part in said)


def test_rows_without_text_are_set_aside_and_the_texts_are_the_target():
    kept, target = read_texts(dataset(text=["one", None, "", "two"]), "text")
    assert target.values.tolist() == ["one", "two"]
    assert kept.table["text"].to_pylist() == ["one", "two"]
    assert [bad.reason for bad in kept.set_aside] == ["no text in 'text'"] * 2
    assert target.kind == "language-modelling"


def test_the_text_is_its_own_answer():
    rows = dataset(**BOTH)
    roles = {role.name: role for role in text_roles(rows, "text", "why", ignore=("text_2",))}
    assert roles["text"].reason == "why; it is its own answer"
