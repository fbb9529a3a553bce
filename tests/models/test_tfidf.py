from __future__ import annotations

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from bakeoff.models import tfidf
from bakeoff.models.tfidf import GramSettings, TfidfVectoriser

TEXTS = ["the cat sat", "the cat sat on the mat", "dogs and cats", "on and on and on"]
WORDS = GramSettings("word", longest=2)


def test_similarities_are_those_of_scikit_learn():
    theirs = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True).fit(TEXTS)
    ours, matrix = TfidfVectoriser.fit(TEXTS, WORDS)
    new = ["the dogs sat on unknown cats", "nothing known"]
    expected = theirs.transform(TEXTS + new)
    found = np.vstack([matrix.toarray(), ours.transform(new).toarray()])
    np.testing.assert_allclose(found @ found.T, (expected @ expected.T).toarray(), atol=1e-6)


def test_transform_of_the_training_texts_is_what_fit_returned():
    made, matrix = TfidfVectoriser.fit(TEXTS, WORDS)
    assert (made.transform(TEXTS) != matrix).nnz == 0


def test_chunks_do_not_change_the_result(monkeypatch):
    whole, matrix = TfidfVectoriser.fit(TEXTS, WORDS)
    monkeypatch.setattr(tfidf, "_CHUNK_CHARACTERS", 15)
    parts, pieces = TfidfVectoriser.fit(TEXTS, WORDS)
    np.testing.assert_array_equal(whole.buckets, parts.buckets)
    np.testing.assert_array_equal(matrix.toarray(), pieces.toarray())


@pytest.mark.parametrize(("min_rows", "n_features"), [(1, 17), (2, 7)])
def test_rare_grams_are_left_out(min_rows, n_features):
    made, _ = TfidfVectoriser.fit(TEXTS, GramSettings("word", longest=2, min_rows=min_rows))
    assert made.n_features == n_features


def test_the_most_frequent_grams_are_kept():
    made, _ = TfidfVectoriser.fit(TEXTS, GramSettings("word", longest=1, max_features=1))
    assert made.transform(["cat", "mat", "on"]).nnz <= 1


def test_texts_without_a_single_gram_are_rows_of_zeros():
    made, matrix = TfidfVectoriser.fit(["", "?"], WORDS)
    assert matrix.shape == (2, 0)
    assert made.transform(["word", ""]).shape == (2, 0)
    assert made.transform([]).shape == (0, 0)


def test_state_survives_as_arrays():
    made, matrix = TfidfVectoriser.fit(TEXTS, WORDS)
    again = TfidfVectoriser.of_arrays(WORDS, made.arrays("x"), "x")
    np.testing.assert_array_equal(again.transform(TEXTS).toarray(), matrix.toarray())
