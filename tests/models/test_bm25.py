from __future__ import annotations

import math

import numpy as np
import pytest

from bakeoff.models.bm25 import Bm25

TEXTS = ["the cat sat", "the dog", "a cat and a cat"]


def test_scores_follow_the_formula():
    found = Bm25.fit(TEXTS, k1=1.5, b=0.5).scores(["cat"])[0]
    idf = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    mean = 10 / 3

    def gain(count, length):
        return count * 2.5 / (count + 1.5 * (0.5 + 0.5 * length / mean))

    np.testing.assert_allclose(found, [idf * gain(1, 3), 0, idf * gain(2, 5)], rtol=1e-5)


def test_the_best_texts_come_first():
    scores, positions = Bm25.fit(TEXTS).nearest(["dog", "cat cat", "unknown"], 2)
    assert positions[0, 0] == 1
    assert positions[1].tolist() == [2, 0]
    assert scores[2].tolist() == [0, 0]


def test_chinese_texts_are_found_by_pairs_of_characters():
    index = Bm25.fit(["很好吃", "吃好很慢", "不错"])
    assert index.nearest(["好吃"], 1)[1][0, 0] == 0


def test_more_neighbours_than_texts_are_all_texts():
    assert Bm25.fit(TEXTS).nearest(["cat"], 10)[1].shape == (1, 3)


@pytest.mark.parametrize("texts", [["", ""], ["?"]])
def test_texts_without_words_score_nothing(texts):
    assert (Bm25.fit(texts).scores(["word", ""]) == 0).all()


def test_state_survives_as_arrays():
    index = Bm25.fit(TEXTS)
    again = Bm25.of_arrays(index.arrays("i"), "i")
    np.testing.assert_array_equal(again.scores(TEXTS), index.scores(TEXTS))
