from __future__ import annotations

import pytest

from bakeoff.contenders import defaults
from bakeoff.contenders.registry import make_contender
from bakeoff.core import extras


@pytest.mark.parametrize(
    ("fixture", "inside", "outside"),
    [
        ("reviews", {"ngram-linear", "ngram-lm", "bm25-knn", "word2vec-linear"}, {"pair-linear"}),
        ("pairs", {"pair-linear", "ngram-linear"}, {"lightgbm", "pixels-linear"}),
        ("mixed", {"tabular-linear", "lightgbm", "ngram-linear"}, {"pixels-knn"}),
        ("pictures", {"pixels-linear", "hog-linear", "pixels-knn"}, {"ngram-linear"}),
    ],
)
def test_columns_decide_who_runs(fixture, inside, outside, request):
    found = defaults.default_contenders(request.getfixturevalue(fixture).task)
    assert found[:2] == ("majority", "stratified-random")
    assert inside <= set(found)
    assert not outside & set(found)
    ranks = [make_contender(spec).card.rank for spec in found]
    assert ranks == sorted(ranks)


def test_numbers_are_not_given_to_language_models(examples):
    task = examples({"t": ["a"]}, {"t": "text"}, [1.0], "regression").task
    assert "ngram-lm" not in defaults.default_contenders(task)


def test_word_vectors_need_gensim(monkeypatch, reviews):
    monkeypatch.setattr(extras, "is_installed", lambda name: False)
    assert "word2vec-linear" not in defaults.default_contenders(reviews.task)
