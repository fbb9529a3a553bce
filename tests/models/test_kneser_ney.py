from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bakeoff.models.kneser_ney import KneserNey, Sequences
from bakeoff.models.symbols import SymbolVocabulary


def sequences(lists):
    symbols = np.asarray([s for one in lists for s in one], dtype=np.int64)
    rows = np.repeat(np.arange(len(lists)), [len(one) for one in lists])
    return Sequences(symbols, rows, len(lists))


def fit(lists, codes, order=3, n_symbols=4, n_classes=2):
    return KneserNey.fit(
        sequences(lists), np.asarray(codes), order=order, n_symbols=n_symbols, n_classes=n_classes
    )


SYMBOLS = st.lists(st.integers(0, 3), max_size=6)


@settings(max_examples=50, deadline=None)
@given(st.lists(SYMBOLS, min_size=1, max_size=6), SYMBOLS, st.integers(1, 5))
def test_the_probabilities_of_what_may_follow_sum_to_one(lists, history, order):
    model = fit(lists, [i % 2 for i in range(len(lists))], order)
    found = model.next_probabilities(np.asarray(history, dtype=np.int64))
    assert (found > 0).all()
    np.testing.assert_allclose(found.sum(axis=0), 1)


@settings(max_examples=30, deadline=None)
@given(st.lists(SYMBOLS, min_size=1, max_size=6), SYMBOLS, st.integers(1, 4))
def test_a_sequence_is_as_likely_as_its_steps(lists, told, order):
    model = fit(lists, [0] * len(lists), order)
    steps = [
        model.next_probabilities(np.asarray(told[:i], dtype=np.int64))[symbol]
        for i, symbol in enumerate([*told, 4])
    ]
    found = model.log_likelihoods(sequences([told]))[0]
    np.testing.assert_allclose(found, np.log(steps).sum(axis=0))


def test_bigrams_computed_by_hand():
    # "aab" and "ab": a=0, b=1, end=2. One discount, .5 of each count of counts: too few for three.
    model = fit([[0, 0, 1], [0, 1]], [0, 0], order=2, n_symbols=2, n_classes=1)
    # Bigrams: <a 2, aa 1, ab 2, b> 2: n1 = 1, n2 = 3, so D = 1 / (1 + 6) = 1/7.
    # Ends in distinct contexts: a 2 (<a, aa), b 1, > 1: n1 = 2, n2 = 1, so D = 2 / (2 + 2) = 1/2.
    uniform = 1 / 3
    unigram = {
        "a": (2 - 0.5) / 4 + 1.5 / 4 * uniform,
        "b": (1 - 0.5) / 4 + 1.5 / 4 * uniform,
        "end": (1 - 0.5) / 4 + 1.5 / 4 * uniform,
    }
    after_a = model.next_probabilities(np.asarray([0]))[:, 0]
    d = 1 / 7
    weight = 2 * d / 3
    np.testing.assert_allclose(
        after_a,
        [
            (1 - d) / 3 + weight * unigram["a"],
            (2 - d) / 3 + weight * unigram["b"],
            weight * unigram["end"],
        ],
    )


def test_three_discounts_follow_the_counts_of_counts():
    # Order 1 alone: counts a=4, b=3, c=2, d=2, e=1, f=1, g=1 and end=1, plain counts.
    lists = [[0] * 4 + [1] * 3 + [2] * 2 + [3] * 2 + [4, 5, 6]]
    model = fit(lists, [0], order=1, n_symbols=7, n_classes=1)
    y = 4 / (4 + 2 * 2)
    d1, d2, d3 = 1 - 2 * y * 2 / 4, 2 - 3 * y * 1 / 2, 3 - 4 * y * 1 / 1
    left = (4 * d1 + 2 * d2 + 2 * d3) / 15
    found = model.next_probabilities(np.asarray([], dtype=np.int64))[:, 0]
    np.testing.assert_allclose(found[0], (4 - d3) / 15 + left / 8)
    np.testing.assert_allclose(found[2], (2 - d2) / 15 + left / 8)
    np.testing.assert_allclose(found[6], (1 - d1) / 15 + left / 8)


def test_a_class_without_texts_deals_out_equal_shares():
    model = fit([[0, 1]], [0])
    np.testing.assert_allclose(model.next_probabilities(np.asarray([0]))[:, 1], 1 / 5)


def test_classes_do_not_learn_from_each_other():
    alone = fit([[0, 1, 0], [0, 0]], [0, 0])
    among = fit([[0, 1, 0], [2, 3, 2], [0, 0]], [0, 1, 0])
    told = sequences([[0, 1, 0, 0], []])
    np.testing.assert_allclose(alone.log_likelihoods(told)[:, 0], among.log_likelihoods(told)[:, 0])


def test_state_survives_as_arrays():
    model = fit([[0, 1, 0], [2, 3, 2]], [0, 1])
    again = KneserNey.of_arrays(model.arrays("m"), "m")
    told = sequences([[0, 1], [3]])
    np.testing.assert_array_equal(again.log_likelihoods(told), model.log_likelihoods(told))


@pytest.mark.parametrize(("unit", "n"), [("character", 5), ("word", 2)])
def test_texts_become_symbols_with_one_for_the_unknown(unit, n):
    vocabulary = SymbolVocabulary.fit(["ab ba", "", "b"], unit)
    found = vocabulary.sequences(["ab ba", "", "xx"])
    assert (found.rows == 0).sum() == n
    assert (found.rows == 1).sum() == 0
    assert set(found.symbols[found.rows == 2]) == {vocabulary.n_symbols - 1}
    assert len(vocabulary.sequences([]).symbols) == 0
