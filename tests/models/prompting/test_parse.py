"""Answers of models: read as what they say, or not read."""

import json
import math
from itertools import permutations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bakeoff.core.errors import UsageError
from bakeoff.models.prompting.encoding import as_json
from bakeoff.models.prompting.parse import answer_reader
from bakeoff.models.prompting.parse_form import MOST_CHARACTERS, answer_in, last_parts
from bakeoff.models.prompting.parse_label import NAMES, LabelReader
from bakeoff.models.prompting.parse_number import read_number
from bakeoff.tasks.spec import TaskSpec

NASTY = [
    ("spam", "spam folder", "not spam", "no"),
    ("not spam", "spam"),
    ("0", "1", "10", "1.0", "01", "-1"),
    ("A", "a", "\uff21", "á", "a\u0301", "a."),
    ("yes", "no", "yes!", '"yes"', "'no'"),
    ("C", "C++", "C#", "c"),
    ("card_arrival", "card arrival", "card-arrival", "Card_Arrival"),
    ("好评", "差评", "不好评", "好"),
    ("<=50K", ">50K", "<|im_end|>", "</row>"),
    ("label: spam", "spam", "Label", "is", "answer"),
    ("I cannot say", "As an AI", "sorry", "refused"),
    ("{", "}", "[1]", '{"a": 1}', "```", "null", "true", "NaN"),
    (" padded", "padded", "two\nlines", "tab\there", "\\", '"'),
    ("Straße", "STRASSE", "strasse", "ﬁn", "fin"),
    ("🙂", "🙁", "🏳️‍🌈", "a\u200bb", "ab"),
    tuple(str(n) for n in range(120)),
]


def forms(name):
    """Return ways to write a label in JSON."""
    strict, easy = as_json({"label": name}), json.dumps({"Label": name}, indent=1)
    return [
        strict,
        easy,
        f"```json\n{easy}\n```",
        f"Sure!\n{strict}",
        f"<think>x</think>{strict}",
    ]


@pytest.mark.parametrize("classes", NASTY, ids=lambda classes: classes[0])
def test_every_label_of_a_nasty_set_is_read_as_itself(classes):
    reader = LabelReader(classes)
    for code, name in enumerate(classes):
        assert reader.read(name) == (code, None), name
        for form in (f for f in forms(name) if "```" not in name and "cannot" not in name):
            assert reader.read(form) == (code, None), form


labels = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


@settings(max_examples=150, deadline=None)
@given(st.lists(labels, min_size=2, max_size=5, unique=True))
def test_any_labels_round_trip_as_json_and_as_they_are_written(classes):
    reader = LabelReader(classes)
    for code, name in enumerate(classes):
        assert reader.read(as_json({"label": name})) == (code, None)
        assume(name.strip() and not answer_in(name, NAMES).json)
        assert reader.read(name) == (code, None)


@st.composite
def relatives(draw):
    """Draw labels that are made of each other: prefixes, other cases, numbers, "not X"."""
    base = draw(st.text("abcXYZ好é1", min_size=1, max_size=4))
    number = draw(st.integers(0, 30))
    made = [base, base + "s", base.upper(), base.lower(), base.title(), f'"{base}"', f"{base}."]
    made += [f"not {base}", f"non-{base}", f"不{base}", f"{base}_{base}", f"{base} {base}"]
    made += [str(number), f"{number}.0", f"{base} {number}", f"{base}-{number}"]
    chosen = draw(st.lists(st.sampled_from(made), min_size=2, max_size=8, unique=True))
    return tuple(chosen)


@settings(max_examples=200, deadline=None)
@given(relatives())
def test_labels_that_are_made_of_each_other_are_told_apart(classes):
    reader = LabelReader(classes)
    for code, name in enumerate(classes):
        for form in (name, f"{name}\n", f" {name}", *forms(name)[:2]):
            assert reader.read(form) == (code, None), form
        for other in classes:
            read, _ = reader.read(f"{name} or {other}")
            said = classes.index(f"{name} or {other}") if f"{name} or {other}" in classes else -1
            assert read == said


@pytest.mark.parametrize("first_then_second", list(permutations(("spam", "ham", "spam folder"), 2)))
@pytest.mark.parametrize("between", [" or ", ", ", "/", "\n", " and ", " (not ", "; maybe "])
def test_two_labels_in_one_answer_are_never_chosen_between(first_then_second, between):
    reader = LabelReader(("ham", "spam", "spam folder"))
    assert reader.read(between.join(first_then_second)) == (-1, "unparsed")
    assert reader.read("Label: " + between.join(first_then_second)) == (-1, "unparsed")


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        ("Spam", "spam"),
        ("**spam**", "spam"),
        ("`spam`.", "spam"),
        ("“spam”", "spam"),
        ("\uff33\uff30\uff21\uff2d", "spam"),
        ("Label: spam", "spam"),
        ("The final answer is: 'spam folder'.", "spam folder"),
        ("spam\n\nIt offers money.", "spam"),
        ("Category = spam_folder", "spam folder"),
        ("This is 垃圾。", "垃圾"),
        ("答案：垃圾", "垃圾"),
        ("标签是垃圾", "垃圾"),
        ("1", "1"),
        ("1.0", "1"),
        ('{"label": 1}', "1"),
        ('{"label": ["spam"]}', "spam"),
        ('{"label": "SPAM.", "reason": "not ham"}', "spam"),
        ('The row tells me to lie. My answer:\n```json\n{"label": "ham"}\n```', "ham"),
    ],
)
def test_usual_ways_to_say_one_label_are_read(reply, answer):
    classes = ("spam", "spam folder", "ham", "垃圾", "1")
    assert LabelReader(classes).read(reply) == (classes.index(answer), None)


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        ("not spam", "unparsed"),
        ("It is not spam", "unparsed"),
        ("This isn't spam.", "unparsed"),
        ("这不是垃圾", "unparsed"),
        ("I would never say this is spam", "unparsed"),
        ("spam\nOn second thought it is not spam.", "unparsed"),
        ("spam filters are mentioned in this text by its author", "unparsed"),
        ('I will not say: {"label": "spam"}', "refused"),
        ('The row wants {"label": "spam"}', "unparsed"),
        ('{"label": "spam"} or {"label": "ham"}', "unparsed"),
        ('{"label": "spam", "label": "ham"}', "unparsed"),
        ('{"label": "spam", "answer": "ham"}', "unparsed"),
        ('{"label": ["spam", "ham"]}', "unparsed"),
        ('{"result": {"label": "spam"}}', "unparsed"),
        ('{"name": "f", "arguments": {"label": "spam"}}', "unparsed"),
        ('{"label": null}', "unparsed"),
        ('{"label": "spam', "unparsed"),
        ('{"label": "eggs"}', "outside"),
        ('{"label": "not spam"}', "outside"),
        ("eggs", "outside"),
        ("I cannot help with this request.", "refused"),
        ("As an AI language model, I don't judge spam", "refused"),
        ("抱歉，我无法回答。", "refused"),
        ('{"label": "I\'m sorry, but I can\'t say"}', "refused"),
        ("", "unparsed"),
        (" \n", "unparsed"),
        ("[" * 5000, "unparsed"),
        ("spam " * MOST_CHARACTERS, "unparsed"),
    ],
)
def test_what_is_not_one_clear_label_is_not_read(reply, status):
    assert LabelReader(("spam", "ham", "垃圾")).read(reply) == (-1, status)


def test_labels_that_differ_in_case_alone_are_not_mixed_up():
    reader = LabelReader(("A", "a"))
    assert (reader.read("A"), reader.read("a")) == ((0, None), (1, None))
    assert reader.read("a!") == (-1, "unparsed")


@pytest.mark.parametrize(
    ("reply", "value"),
    [
        ("3.5", 3.5),
        ("3,5", 3.5),
        ("-2", -2),
        ("\N{MINUS SIGN}2.5", -2.5),
        ("1,234.5", 1234.5),
        ("1.234,5", 1234.5),
        ("$1,200,000", 1.2e6),
        ("1'234'567", 1234567),
        ("0,123", 0.123),
        (".5", 0.5),
        ("1e3", 1000),
        ("12 km/h", 12),
        ("€ 40.", 40),
        ("Value: 4", 4),
        ("The value is about 4.25.", 4.25),
        ("答案是4", 4),
        ("\uff14\uff0e\uff15", 4.5),
        ("**3**", 3),
        ('{"value": 3.25}', 3.25),
        ('{"value": "3,25"}', 3.25),
        ('```json\n{"value": -1e-3}\n```', -0.001),
    ],
)
def test_usual_ways_to_say_one_number_are_read(reply, value):
    assert read_number(reply) == (value, None)


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        ("3 or 4", "unparsed"),
        ("3-4", "unparsed"),
        ("3 to 4", "unparsed"),
        ("4/5", "unparsed"),
        ("4 out of 5", "unparsed"),
        ("1,234", "unparsed"),
        ("1,23,456", "unparsed"),
        ("45 %", "unparsed"),
        ("3k", "unparsed"),
        ("2 million", "unparsed"),
        ("三百", "unparsed"),
        ("10²", "unparsed"),
        ("- 3", "unparsed"),
        ("It is not 3", "unparsed"),
        ("sentence 2 is 4", "unparsed"),
        ("three", "unparsed"),
        ('{"value": 1', "unparsed"),
        ('{"label": 1}', "unparsed"),
        ("3}", "unparsed"),
        ('{"value": true}', "unparsed"),
        ('{"value": [1, 2]}', "unparsed"),
        ('{"value": 1, "value": 2}', "unparsed"),
        ('{"value": NaN}', "outside"),
        ("1e999", "outside"),
        ("9" * 5000, "outside"),
        ("inf", "outside"),
        ("I can't estimate this.", "refused"),
        ("", "unparsed"),
    ],
)
def test_what_is_not_one_clear_number_is_not_read(reply, status):
    value, why = read_number(reply)
    assert math.isnan(value)
    assert why == status


@settings(max_examples=150, deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_any_finite_number_round_trips(value):
    assert read_number(json.dumps({"value": value})) == (value, None)
    assert read_number(repr(value)) == (value, None)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_reply_is_read_or_has_a_reason(reply):
    code, why = LabelReader(("spam", "not spam")).read(reply)
    assert (code >= 0) == (why is None)
    value, why = read_number(reply)
    assert math.isfinite(value) == (why is None)


def test_a_reader_is_made_for_a_task():
    task = TaskSpec("classification", (), "t", ("accuracy",), ("a", "b"))
    assert answer_reader(task)('{"label": "b"}') == (1, None)
    assert answer_reader(TaskSpec("regression", (), "t", ("mse",)))("2") == (2.0, None)
    with pytest.raises(UsageError, match="cannot be read"):
        answer_reader(TaskSpec("tagging", (), "t", ("f1",)))


@pytest.mark.parametrize(
    "reply",
    ["is " * 6000, ": " * 9000 + "1", "x" + " " * 19_000 + '{"label": 1}', "1" * 19_000 + "x"],
)
def test_a_long_line_is_talk_and_is_not_searched_piece_by_piece(reply):
    assert last_parts(reply) == []
    assert LabelReader(("positive", "negative")).read(reply)[0] == -1
    assert math.isnan(read_number(reply)[0])
