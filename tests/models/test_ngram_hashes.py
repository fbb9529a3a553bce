from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer

from bakeoff.models.ngram_hashes import character_grams, read, word_grams
from bakeoff.models.text_tokens import normalise, tokens

TEXTS = ["the cat, the hat", "", "a", "It's  fine\n", "the cat", "不好吃 ok"]


def pattern_of_counts(grams, n_rows):
    """Return, for each distinct n-gram, its count in each row, as a multiset."""
    table = {}
    for part in grams:
        for row, value in zip(part.rows, part.hashes, strict=True):
            table.setdefault(int(value), np.zeros(n_rows, int))[row] += 1
    return Counter(tuple(counts) for counts in table.values())


@pytest.mark.parametrize("orders", [(2, 3), (2, 5), (3, 4)])
def test_character_grams_count_what_scikit_learn_counts(orders):
    texts = ["the cat sat under their mats", "mat hats that sat", "cats; hats!"]
    counter = CountVectorizer(analyzer="char_wb", ngram_range=orders)
    theirs = counter.fit_transform(texts).toarray().T
    # char_wb gives a word shorter than n once more as it stands; those are our shorter n-grams.
    assert min(len(word) + 2 for text in texts for word in text.split()) >= orders[1]
    ours = pattern_of_counts(character_grams(read(texts), orders), len(texts))
    assert ours == Counter(tuple(row) for row in theirs)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=5))
def test_word_grams_are_those_of_the_tokens(texts):
    expected = {}
    for row, text in enumerate(texts):
        found = tokens(text)
        for gram in found + list(pairwise(found)):
            expected.setdefault(gram, np.zeros(len(texts), int))[row] += 1
    ours = pattern_of_counts(word_grams(read(texts), 2, 2), len(texts))
    assert ours == Counter(tuple(counts) for counts in expected.values())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet="ab 不吃.\n", max_size=12), min_size=1, max_size=5))
def test_a_text_gives_the_same_grams_alone_and_among_others(texts):
    together = read(texts)
    for row, text in enumerate(texts):
        alone = read([text])
        for make in (lambda p: character_grams(p, (1, 5)), lambda p: word_grams(p, 2, 3)):
            in_batch = sorted(h for g in make(together) for h in g.hashes[g.rows == row])
            assert in_batch == sorted(h for g in make(alone) for h in g.hashes)


def test_longer_runs_are_made_only_of_unspaced_characters():
    spaced = word_grams(read(["one two three"]), 2, 3)
    unspaced = word_grams(read(["不好吃"]), 2, 3)
    assert sum(len(g.rows) for g in spaced) == 3 + 2
    assert sum(len(g.rows) for g in unspaced) == 3 + 2 + 1


def test_lone_surrogates_and_full_width_letters_are_read():
    assert len(read(["\ud800 x"]).mixed) == 5
    assert normalise("\uff21\uff22") == "ab"
