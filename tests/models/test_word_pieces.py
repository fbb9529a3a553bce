from __future__ import annotations

import numpy as np
import pytest

from bakeoff.models.word_pieces import BUCKETS, MOST_PIECES, piece_numbers, piece_table


def shared(first, second):
    kept = set(piece_numbers(first).tolist()) - {0}
    return len(kept & set(piece_numbers(second).tolist())) / len(kept)


def test_words_of_one_stem_share_pieces_and_others_do_not():
    assert shared("payment", "payments") > 0.5
    assert shared("payment", "kitchen") == 0


def test_the_ends_of_a_word_count():
    assert shared("cat", "cats") < 1
    assert shared("he", "the") < 1


@pytest.mark.parametrize("word", ["a", "ab", "x" * 20_000, "好", "\udcff"])
def test_any_word_has_some_pieces_and_never_too_many(word):
    numbers = piece_numbers(word)
    assert numbers.shape == (MOST_PIECES,)
    assert numbers.max() < BUCKETS
    kept = np.flatnonzero(numbers)
    assert 1 <= len(kept) <= MOST_PIECES
    assert kept.tolist() == list(range(len(kept)))


def test_the_table_holds_each_word_once_and_nothing_for_no_word():
    rows, table = piece_table([["cat", "", "dog", "cat"], [""]])
    assert [row.tolist() for row in rows] == [[1, 0, 2, 1], [0]]
    assert table.shape == (3, MOST_PIECES)
    assert not table[0].any()
    assert (table[2] == piece_numbers("dog")).all()
