"""Names of classes as words."""

import pytest

from bakeoff.models.label_names import label_words, why_meaningless


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("card_arrival", "card arrival"),
        ("lostOrStolenPhone", "lost or stolen phone"),
        ("HTTPError", "HTTP error"),
        ("Sci/Tech", "sci tech"),
        ("Refund not showing up", "refund not showing up"),
        ("été", "été"),
        ("体育", "体育"),
    ],
)
def test_names_become_words(name, words):
    assert label_words(name) == words


@pytest.mark.parametrize(
    "names",
    [("0", "1"), ("1.0", "2.0"), ("A", "B"), ("class_1", "class_2"), ("", "spam"), ("#1", "??")],
)
def test_names_without_words_say_nothing(names):
    assert "say nothing" in why_meaningless(names)


@pytest.mark.parametrize("names", [("yes", "no"), ("True", "False"), ("no", "unknown", "yes")])
def test_answers_to_an_unknown_question_say_nothing(names):
    assert "question" in why_meaningless(names)


@pytest.mark.parametrize(
    "names", [("sports", "politics"), ("好评", "差评"), ("spam", "no"), ("cash, debt", "été")]
)
def test_names_with_words_say_something(names):
    assert why_meaningless(names) is None
