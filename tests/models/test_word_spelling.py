"""Words that are known, words that are spelled: together they are one distribution of texts."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bakeoff.core.seeds import generator
from bakeoff.models.byte_text import byte_sequences
from bakeoff.models.word_spelling import SpellingModel, words_of

TEXTS = ["the cat sat on the mat.\n", "the dog sat on the cat.\n"]


@pytest.fixture(scope="module")
def model():
    return SpellingModel.fit(TEXTS, order=3, spelling_order=4)


@given(st.text(max_size=40))
def test_words_put_together_are_the_text_again(text):
    assert "".join(words_of(text)) == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("the cat, sat", ["the", " cat", ",", " sat"]),
        ("a  b", ["a", " ", " b"]),
        ("end.\n\nNew", ["end", ".", "\n", "\n", "New"]),
        ("\u597d\u5403", ["\u597d\u5403"]),
    ],
)
def test_a_word_takes_the_space_before_it(text, words):
    assert words_of(text) == words


def test_words_that_stand_twice_are_known(model):
    assert model.known == tuple(sorted([" cat", " on", " sat", " the", ".", "\n", "the"]))


def test_a_known_text_costs_its_words_alone(model):
    number = {word: place for place, word in enumerate(model.known)}
    told = [number[word] for word in ("the", " cat", " sat")]
    steps = [
        model.words.next_probabilities(np.array(told[:at], dtype=np.int64))[word, 0]
        for at, word in enumerate(told)
    ]
    assert model.nats(["the cat sat"]) == pytest.approx([-sum(map(math.log, steps))])


def test_an_unknown_word_costs_the_symbol_for_unknown_and_its_spelling_with_its_end(model):
    start = model.words.next_probabilities(np.array([], dtype=np.int64))[len(model.known), 0]
    spelling = model.spelling.log_likelihoods(byte_sequences(["zebra"]))[0, 0]
    assert model.nats(["zebra"]) == pytest.approx([-math.log(start) - spelling])


def test_an_empty_text_costs_nothing_and_changes_no_other(model):
    both = model.nats(["", "the cat zebra", "", "zebra zebra"])
    assert both[[0, 2]].tolist() == [0, 0]
    np.testing.assert_allclose(both[[1, 3]], model.nats(["the cat zebra", "zebra zebra"]))


@pytest.mark.parametrize(("letters", "length"), [("ab ", 5), ("a.\n\u00e9", 4)])
def test_all_texts_of_one_length_share_a_mass_of_one_at_most(letters, length):
    model = SpellingModel.fit(["ab ab a\u00e9.\n ba b"] * 2, order=2, spelling_order=3)
    texts = ["".join(chosen) for chosen in itertools.product(letters, repeat=length)]
    mass = np.exp(-model.nats(texts)).sum()
    assert 0 < mass <= 1


def test_texts_of_known_words_and_of_spelled_ones_make_up_the_whole_mass(model):
    # One piece: each known word, or "unknown" with any spelling; and spellings sum to 1.
    first = model.words.next_probabilities(np.array([], dtype=np.int64))[:, 0]
    assert first.sum() == pytest.approx(1)
    known = np.exp(-model.nats(list(model.known))).sum()
    assert known == pytest.approx(1 - first[len(model.known)])


@pytest.mark.parametrize("text", ["\ud83d", "\x00", "\u597d\U0001f600", "q" * 300])
def test_what_was_never_seen_is_possible(model, text):
    assert np.isfinite(model.nats([text])).all()


def test_texts_of_known_words_only_still_teach_spelling():
    model = SpellingModel.fit(["a a", "a a"], order=2, spelling_order=2)
    assert np.isfinite(model.nats(["b"])).all()


def test_it_writes_what_it_was_asked_for_by_the_seed(model):
    texts = [model.write(50, generator(seed, "sample")) for seed in (0, 0, 1)]
    assert [len(text) for text in texts] == [50] * 3
    assert texts[0] == texts[1] != texts[2]
