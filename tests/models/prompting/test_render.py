"""A row as a conversation."""

import json
from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from bakeoff.core.errors import UsageError
from bakeoff.data.columns import Column, ColumnType
from bakeoff.data.inputs import Inputs
from bakeoff.models.prompting.encoding import Cell, decoded_row, encoded_row, rows_of
from bakeoff.models.prompting.render import (
    Prompt,
    Shot,
    answer_schema,
    answer_text,
    most_tokens,
    render,
)
from bakeoff.models.prompting.wording import built_in, load_wording
from bakeoff.tasks.spec import TaskSpec

TEXT = (Column("text", ColumnType.TEXT),)
TONE = TaskSpec("classification", TEXT, "tone", ("accuracy",), ("<bad>", "good", "很好"))
SIZE = TaskSpec("regression", TEXT, "size", ("mse",))


def text_row(text):
    return (Cell("text", ColumnType.TEXT, text),)


@pytest.mark.parametrize("name", built_in())
@pytest.mark.parametrize("task", [TONE, SIZE], ids=lambda task: task.kind)
def test_everything_before_the_row_is_the_same_for_all_rows(name, task):
    shots = [Shot(text_row("fine"), 1), Shot(text_row("awful"), 0)]
    first, second = (render(load_wording(name), task, text_row(t), shots) for t in ("a", "b"))
    assert first[:-1] == second[:-1]
    assert first[-1] != second[-1]
    roles = [message.role for message in first]
    assert roles == ["system", "user", "assistant", "user", "assistant", "user"]
    assert first[2].text == answer_text(task, 1)


@pytest.mark.parametrize("name", built_in())
def test_the_system_text_names_target_classes_and_form(name):
    told = render(load_wording(name), TONE, text_row("a"))[0].text
    assert all(
        word in told for word in ('"tone"', '"<bad>"', '"good"', '"很好"', '{"label"', "data")
    )


@pytest.mark.parametrize("name", built_in())
def test_the_scale_of_a_regression_is_said_where_it_is_known(name):
    told = Prompt(load_wording(name), SIZE, (0.0, 2.5)).prefix()[0].text
    assert "between 0 and 2.5" in told
    assert "between" not in Prompt(load_wording(name), SIZE).prefix()[0].text.replace(
        "between <row>", ""
    )


def test_columns_are_named_and_missing_values_said():
    picture, other = b"\x89PNG1", b"\x89PNG2"
    table = pa.table(
        {
            "title": ["a", None],
            "price": [3.0, float("nan")],
            "when": pa.array([date(2024, 5, 1), None], pa.date32()),
            "front": pa.array([picture, None], pa.binary()),
            "back": pa.array([other, other], pa.binary()),
        }
    )
    kinds = ("text", "number", "date", "image", "image")
    columns = tuple(
        Column(n, ColumnType(k)) for n, k in zip(table.column_names, kinds, strict=True)
    )
    first, second = rows_of(Inputs(np.arange(2), table, columns))
    message = Prompt(load_wording("plain"), TONE).question(first)
    assert decoded_row(message.text) == {
        "title": "a",
        "price": 3,
        "when": "2024-05-01",
        "front": {"picture": 1},
        "back": {"picture": 2},
    }
    assert message.images == (picture, other)
    message = Prompt(load_wording("plain"), TONE).question(second)
    assert decoded_row(message.text) == {
        "title": None,
        "price": None,
        "when": None,
        "front": None,
        "back": {"picture": 1},
    }
    assert message.images == (other,)


def test_a_long_text_is_cut_and_the_row_says_so():
    text, _ = encoded_row(text_row("x" * 50), cut_at=10)
    assert decoded_row(text) == {"text": {"beginning": "x" * 10, "cut_after": 10, "characters": 50}}
    assert decoded_row(encoded_row(text_row("x" * 10), cut_at=10)[0]) == {"text": "x" * 10}


def test_letters_of_any_language_stay_and_unseen_characters_are_written_out():
    text, _ = encoded_row(text_row("好é🙂 \u200b\u202e\ud800\U000e0041\x1b\x85"))
    assert "好é🙂 \\u200b\\u202e\\ud800\\udb40\\udc41\\u001b\\u0085" in text
    text.encode("utf-8")


def test_the_schema_allows_the_classes_and_nothing_else():
    schema = json.loads(answer_schema(TONE))
    assert schema["properties"] == {"label": {"type": "string", "enum": list(TONE.classes)}}
    assert schema["additionalProperties"] is False
    assert json.loads(answer_schema(SIZE))["properties"] == {"value": {"type": "number"}}


def test_no_answer_is_longer_in_bytes_than_its_tokens_allow():
    assert most_tokens(TONE) > max(len(answer_text(TONE, c).encode()) for c in range(3))
    assert most_tokens(SIZE) > len(answer_text(SIZE, -1.2345678901234567e-300))


def test_other_kinds_of_task_are_refused():
    with pytest.raises(UsageError, match="cannot be asked"):
        answer_schema(TaskSpec("tagging", TEXT, "tags", ("f1",)))
