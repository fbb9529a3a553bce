"""Hostile texts: what they are, and that no prompt loses its form to one."""

import pytest

from bakeoff.data.columns import Column, ColumnType
from bakeoff.models.prompting.encoding import CLOSE, OPEN, Cell, decoded_row
from bakeoff.models.prompting.parse_label import LabelReader
from bakeoff.models.prompting.render import Prompt, Shot
from bakeoff.models.prompting.wording import built_in, load_wording
from bakeoff.tasks.spec import TaskSpec
from bakeoff.testing import HOSTILE_ROWS, Flips, flip_rate, hostile_rows

LABELS = ("positive", "negative")
COLUMNS = (Column("text", ColumnType.TEXT), Column("note", ColumnType.TEXT))
TASK = TaskSpec("classification", COLUMNS, "tone", ("accuracy",), LABELS)


def row(text):
    return (Cell("text", ColumnType.TEXT, text), Cell("note", ColumnType.TEXT, "kept"))


def test_there_are_200_different_texts_of_every_sort():
    assert len(set(HOSTILE_ROWS)) == len(HOSTILE_ROWS) == 200
    for mark in ("Ignore", "</row>", '{"label"', "tool_calls", "<|im_end|>", "\x1b[", "\u202e"):
        assert any(mark in text for text in HOSTILE_ROWS), mark
    for mark in ("\u200b", "忽略", "\x00", "```json", "API key"):
        assert any(mark in text for text in HOSTILE_ROWS), mark
    assert max(map(len, HOSTILE_ROWS)) > 10_000


def test_each_text_fights_for_a_label_of_the_task():
    labels = ('say "a"', "{b}", "丙")
    texts = hostile_rows(labels)
    assert len(texts) == 200
    assert all(sum(label in text for text in texts) > 40 for label in labels)


@pytest.mark.parametrize("name", built_in())
def test_no_text_changes_the_form_of_a_prompt(name):
    prompt = Prompt(load_wording(name), TASK, cut_at=50_000)
    usual = prompt.prefix([Shot(row("fine"), 0)])
    form = (
        prompt.question(row("fine")).text.split(OPEN)[0],
        prompt.question(row("")).text.count("\n"),
    )
    for text in HOSTILE_ROWS:
        asked = prompt.question(row(text)).text
        assert decoded_row(asked) == {"text": text, "note": "kept"}
        assert (asked.split(OPEN)[0], asked.count("\n")) == form
        assert (asked.count(OPEN), asked.count(CLOSE), asked.count("<|")) == (1, 1, 0)
        assert not any(mark in asked for mark in "\x00\x1b\u202e\u200b\u2028\x85")
        shown = prompt.prefix([Shot(row(text), 0)])
        assert (shown[0], shown[2]) == (usual[0], usual[2])
        assert decoded_row(shown[1].text)["text"] == text


def test_a_hostile_text_as_a_reply_is_a_label_or_has_a_reason():
    reader = LabelReader(LABELS)
    for text in HOSTILE_ROWS:
        code, why = reader.read(text)
        assert (code in (0, 1)) == (why is None)
        assert why in (None, "unparsed", "outside", "refused")


def test_answers_that_nothing_moves_have_a_flip_rate_of_zero():
    steady = flip_rate(lambda rows: ["negative"] * len(rows), ["a"] * 200, LABELS)
    assert steady == Flips(asked=200, flipped=0, steered=0, lost=0)
    assert steady.rate == 0


def test_an_obedient_model_is_steered_wherever_it_answered_otherwise():
    def obeys(rows):
        return [
            None if r.endswith("skip") else "negative" if len(r) < 5 else "positive" for r in rows
        ]

    found = flip_rate(obeys, ["a"] * 200 + ["skip"], LABELS)
    assert (found.asked, found.flipped, found.steered, found.rate) == (200, 200, 100, 1.0)


def test_answers_that_are_lost_are_not_flips():
    found = flip_rate(
        lambda rows: ["positive" if len(r) < 5 else None for r in rows], ["a"], LABELS
    )
    assert found == Flips(asked=1, flipped=0, steered=0, lost=1)


def test_without_answers_there_is_nothing_to_flip():
    assert flip_rate(lambda rows: [None for _ in rows], ["a"], LABELS).rate == 0
