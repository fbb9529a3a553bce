from __future__ import annotations

from bakeoff.models.vocabulary import (
    BETWEEN,
    FIRST_UNKNOWN,
    LEFT_OUT,
    PAD,
    UNKNOWN_BUCKETS,
    Vocabulary,
    read_words,
)

TEXTS = ["good food good", "bad food", "rare"]


def test_words_are_numbered_by_frequency_and_rare_ones_share_buckets():
    vocabulary = Vocabulary.fit([TEXTS])
    assert vocabulary.words == ("food", "good")
    known = FIRST_UNKNOWN + UNKNOWN_BUCKETS
    first, second, third = vocabulary.sequences([TEXTS], 10)
    assert first.tolist() == [known + 1, known, known + 1]
    assert second[1] == known
    assert FIRST_UNKNOWN <= third[0] < known
    assert third[0] == vocabulary.numbers(["rare"])[0]
    assert len(vocabulary) == known + 2


def test_numbers_with_a_meaning_are_no_words():
    vocabulary = Vocabulary.fit([[f"w{i}" for i in range(2000)] * 2])
    numbers = vocabulary.numbers([f"w{i}" for i in range(4000)])
    assert {PAD, BETWEEN, LEFT_OUT}.isdisjoint(numbers.tolist())
    assert numbers.max() == len(vocabulary) - 1


def test_columns_are_read_one_after_the_other_and_cut():
    rows = read_words([["a b", "", "a b c d e"], ["c", "", "f"]], 4)
    assert rows == [["a", "b", "", "c"], [""], ["a", "b", "c", "d"]]
    assert Vocabulary(()).numbers(rows[1]).tolist() == [BETWEEN]
