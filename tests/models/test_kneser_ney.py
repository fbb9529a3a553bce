"""Kneser-Ney: masses of one, cases computed by hand, and nltk's numbers."""

from __future__ import annotations

import itertools

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


def fit(lists, codes, order=3, n_symbols=4, n_classes=2, **more):
    return KneserNey.fit(
        sequences(lists),
        np.asarray(codes),
        order=order,
        n_symbols=n_symbols,
        n_classes=n_classes,
        **more,
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


SOME_TEXTS = [list(b) for b in (b"abracadabra", b"banana", b"abba", b"cab", b"dada dad")]


@settings(max_examples=40, deadline=None)
@given(st.lists(SYMBOLS, min_size=1, max_size=6), SYMBOLS, st.integers(1, 4))
def test_without_ends_the_symbols_alone_share_the_mass(lists, told, order):
    model = fit(lists, [0] * len(lists), order, n_classes=1, ends=False)
    steps = [model.next_probabilities(np.asarray(told[:at], dtype=np.int64)) for at in range(7)]
    assert all(found.shape == (4, 1) for found in steps)
    np.testing.assert_allclose([found.sum() for found in steps], 1)
    chances = [found[symbol, 0] for found, symbol in zip(steps, told, strict=False)]
    np.testing.assert_allclose(
        model.log_likelihoods(sequences([told]))[0, 0], np.log(chances).sum(), atol=1e-12
    )


@pytest.mark.parametrize("order", [1, 2, 3])
def test_without_ends_all_sequences_of_one_length_have_a_mass_of_one(order):
    model = fit([[0, 1, 2, 0], [1, 1]], [0, 0], order, n_symbols=3, n_classes=1, ends=False)
    told = [list(chosen) for chosen in itertools.product(range(3), repeat=4)]
    assert np.exp(model.log_likelihoods(sequences(told))).sum() == pytest.approx(1)


def test_modified_bigrams_computed_by_hand():
    # a=0, b=1, c=2, d=3; "<" stands before each text, and no end is predicted.
    words = ["ab"] * 4 + ["ac"] * 3 + ["ad"] * 2 + ["ba", "bc", "bd"] + ["ca"] * 2 + ["cb"] * 2
    lists = [["abcd".index(letter) for letter in word] for word in words]
    model = fit(lists, [0] * len(lists), order=2, n_classes=1, ends=False)
    # Bigrams by count: 1: ba bc bd; 2: ad ca cb; 3: <b ac; 4: ab <c; 9: <a.
    # n1 = 3, n2 = 3, n3 = 2, n4 = 2, so Y = n1 / (n1 + 2 n2) = 3 / 9 = 1/3 and
    # D1 = 1 - 2 Y n2/n1 = 1/3;  D2 = 2 - 3 Y n3/n2 = 4/3;  D3+ = 3 - 4 Y n4/n3 = 5/3.
    # Ends in different contexts: a 3 (< b c), b 3 (< a c), c 3 (< a b), d 2 (a b): n1 = 0, so that
    # one discount of 1/2 serves; 4 * 1/2 of 11 goes to equal shares: a (3 - .5 + .5) / 11 = 3/11.
    shares = np.array([3, 3, 3, 2]) / 11
    # After a: ab 4, ac 3, ad 2, 9 in all; taken off are 5/3 + 5/3 + 4/3 = 14/3.
    kept = np.array([0, 4 - 5 / 3, 3 - 5 / 3, 2 - 4 / 3]) / 9
    after_a = model.next_probabilities(np.asarray([0]))[:, 0]
    np.testing.assert_allclose(after_a, kept + 14 / 27 * shares)
    # The one in full: P(b | a) = 7/27 + 14/27 * 3/11 = 119/297.
    assert after_a[1] == pytest.approx(119 / 297)
    # After b: ba, bc, bd once each; 3 * 1/3 of 3 is taken off.
    kept = np.array([2 / 9, 0, 2 / 9, 2 / 9])
    np.testing.assert_allclose(
        model.next_probabilities(np.asarray([1]))[:, 0], kept + 1 / 3 * shares
    )
    # After d, where no text goes on: the shares themselves.
    np.testing.assert_allclose(model.next_probabilities(np.asarray([3]))[:, 0], shares)


@pytest.mark.parametrize("discount", [0.1, 0.75])
@pytest.mark.parametrize("order", [2, 3, 4])
def test_with_one_discount_it_is_nltks(order, discount):
    nltk_lm = pytest.importorskip("nltk.lm", reason="nltk is the other implementation")
    n_symbols = 128
    # nltk's lowest order is not smoothed: there, nothing is taken off.
    ours = fit(
        SOME_TEXTS, [0] * len(SOME_TEXTS), order, n_symbols=n_symbols, n_classes=1, ends=False,
        discounts=[(0.0,) * 3, *[(discount,) * 3] * (order - 1)],
    )  # fmt: skip
    nltks = nltk_lm.KneserNeyInterpolated(order, discount)
    grams = []
    for text in SOME_TEXTS:
        padded = ["<"] * (order - 1) + [chr(symbol) for symbol in text]
        ends = range(order - 1, len(padded))
        grams.append(
            [tuple(padded[at - n + 1 : at + 1]) for at in ends for n in range(1, order + 1)]
        )
    seen = sorted({symbol for text in SOME_TEXTS for symbol in text})
    nltks.fit(grams, vocabulary_text=[*map(chr, seen), "<", "z"])
    for told in (b"", b"a", b"ab", b"dad", b"zz", b"cab", b"bcd"):
        context = ["<"] * (order - 1) + [chr(symbol) for symbol in told]
        expected = [nltks.score(chr(s), context[len(context) - order + 1 :]) for s in seen]
        found = ours.next_probabilities(np.array(list(told), dtype=np.int64))[seen, 0]
        np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_given_discounts_stay_with_their_order():
    # One text "ab": each count is 1. Order 1: 1 - .2 of each, .2 of equal shares; order 2: .6.
    model = fit(
        [[0, 1]], [0], 2, n_symbols=2, n_classes=1, ends=False,
        discounts=[(0.2, 0.9, 0.9), (0.6, 0.9, 0.9)],
    )  # fmt: skip
    after_a = model.next_probabilities(np.asarray([0]))[:, 0]
    np.testing.assert_allclose(after_a, [0.6 * 0.5, 0.4 + 0.6 * 0.5])
    after_b = model.next_probabilities(np.asarray([1]))[:, 0]
    np.testing.assert_allclose(after_b, [0.5, 0.5])


@pytest.mark.parametrize("ends", [True, False])
def test_whether_ends_are_predicted_survives_as_arrays(ends):
    model = fit([[0, 1, 0], [2]], [0, 0], n_classes=1, ends=ends)
    again = KneserNey.of_arrays(model.arrays("m"), "m")
    assert again.ends is ends
    told = np.asarray([0])
    np.testing.assert_array_equal(again.next_probabilities(told), model.next_probabilities(told))


@pytest.mark.parametrize(("unit", "n"), [("character", 5), ("word", 2)])
def test_texts_become_symbols_with_one_for_the_unknown(unit, n):
    vocabulary = SymbolVocabulary.fit(["ab ba", "", "b"], unit)
    found = vocabulary.sequences(["ab ba", "", "xx"])
    assert (found.rows == 0).sum() == n
    assert (found.rows == 1).sum() == 0
    assert set(found.symbols[found.rows == 2]) == {vocabulary.n_symbols - 1}
    assert len(vocabulary.sequences([]).symbols) == 0
