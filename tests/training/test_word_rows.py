from __future__ import annotations

import numpy as np
import pytest

from bakeoff.models.word_pieces import piece_table
from bakeoff.training.augment import make_augmenter
from bakeoff.training.word_rows import WordRows

TEXTS = [["one", "two", "three"], ["four"], ["two", "one"]]
NUMBERS = {"one": 10, "two": 11, "three": 12, "four": 13}


@pytest.fixture
def rows():
    words, pieces = piece_table(TEXTS)
    sequences = [np.array([NUMBERS[word] for word in text], dtype=np.int32) for text in TEXTS]
    return WordRows(sequences, words=words, pieces=pieces)


def pieces_of(rows, tokens):
    """Return the table's rows of tokens ``(n, length)``; those of padding are zeros."""
    names = {number: word for word, number in NUMBERS.items()}
    places = {word: place for text, row in zip(TEXTS, rows.words, strict=True)
              for word, place in zip(text, row.tolist(), strict=True)}  # fmt: skip
    found = [[places.get(names.get(token), 0) for token in text] for text in tokens.tolist()]
    return rows.pieces[np.array(found)]


def test_a_batch_holds_the_pieces_of_every_token_and_none_of_padding(rows):
    batch = rows.batch(np.array([1, 0]))
    assert batch["tokens"].tolist() == [[13, 0, 0], [10, 11, 12]]
    assert (batch["pieces"].numpy() == pieces_of(rows, batch["tokens"])).all()
    assert batch["pieces"][0, 0].any()
    assert not batch["pieces"][0, 1:].any()


def test_a_swapped_word_takes_its_pieces_with_it(rows):
    augmenter = make_augmenter("swap=0.9", rows)
    before = rows.batch(np.arange(3))
    after = augmenter(before, 0, 1)
    assert (after["tokens"] != before["tokens"]).any()
    assert (after["pieces"].numpy() == pieces_of(rows, after["tokens"])).all()
    assert (before["pieces"].numpy() == pieces_of(rows, before["tokens"])).all()
