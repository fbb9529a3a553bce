"""Bits per byte and perplexity per word, by hand."""

import math

import numpy as np
import pytest

from bakeoff.metrics.base import Pairs
from bakeoff.metrics.registry import load_metric

BITS, WORDS = load_metric("bits_per_byte"), load_metric("word_perplexity")


def pairs(texts, nats):
    truth = np.empty(len(texts), dtype=object)
    truth[:] = texts
    return Pairs(truth, np.array(nats, dtype=np.float64))


def total(metric, texts, nats, weights=None):
    return metric.total(metric.statistics(pairs(texts, nats)), weights)


def test_all_bytes_alike_cost_eight_bits():
    texts = ["abc", "\u00e9\u597d", "x" * 100]
    sizes = np.array([3, 5, 100])
    assert total(BITS, texts, sizes * math.log(256)) == pytest.approx([8])


def test_bits_per_byte_is_a_ratio_of_sums_not_a_mean_of_ratios():
    # 2 bits for 1 byte, 6 bits for 7 bytes: 8 / 8 = 1, where the mean of ratios is 1.43.
    assert total(BITS, ["a", "bcdefgh"], np.log(2) * np.array([2, 6])) == pytest.approx([1])


def test_a_text_in_pieces_is_the_whole():
    whole = total(BITS, ["abcdef"], [9.0])
    assert total(BITS, ["ab", "cdef"], [4.0, 5.0]) == pytest.approx(whole)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("the cat sat", 3),
        ("the cat\nsat\n", 5),  # three words and two line ends
        ("  a   b ", 2),
        ("\n\n", 2),
        ("a,b", 1),
    ],
)
def test_words_are_set_apart_by_white_space_and_line_ends_count(text, words):
    # Nats of log 10 a word: a perplexity of 10.
    assert WORDS.statistics(pairs([text], [1.0]))[0, 1] == words
    assert total(WORDS, [text], [words * math.log(10)]) == pytest.approx([10])


def test_perplexity_is_of_all_nats_by_all_words():
    # 6 nats for 1 word and 2 for 3: exp(8 / 4).
    assert total(WORDS, ["a", "b c d"], [6.0, 2.0]) == pytest.approx([math.exp(2)])


@pytest.mark.parametrize("metric", [BITS, WORDS])
def test_weights_are_copies_of_texts(metric):
    texts, nats = ["one two\n", "three", "four five six"], [8.0, 9.0, 3.0]
    weights = np.array([[2.0, 0.0, 1.0], [1.0, 1.0, 1.0]])
    twice = total(metric, [texts[0], texts[0], texts[2]], [8.0, 8.0, 3.0])
    np.testing.assert_allclose(
        total(metric, texts, nats, weights), [twice[0], total(metric, texts, nats)[0]]
    )


@pytest.mark.parametrize("metric", [BITS, WORDS])
def test_a_text_without_a_probability_is_left_out_of_both_sums(metric):
    alone = total(metric, ["one two"], [5.0])
    assert total(metric, ["one two", "more"], [5.0, math.nan]) == pytest.approx(alone)


def test_an_unbounded_perplexity_is_infinite_and_no_warning():
    assert total(WORDS, ["word"], [1e6]) == [math.inf]


def test_less_is_better():
    assert not BITS.higher_is_better
    assert not WORDS.higher_is_better
