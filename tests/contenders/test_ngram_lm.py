from __future__ import annotations

import numpy as np

from bakeoff.contenders.ngram.ngram_lm import NgramLm


def test_it_learns_the_words_that_matter(reviews, context):
    train, valid, test = (reviews.take(range(a, b)) for a, b in ((0, 50), (50, 100), (100, 120)))
    found = NgramLm().fit(train, valid, context).predict(test.inputs, context)
    assert (found.codes == test.targets).mean() > 0.9


def test_where_texts_tell_nothing_its_probabilities_stay_near_the_shares(examples, context):
    rng = np.random.default_rng(0)
    texts = [" ".join(rng.choice(list("abcdefgh"), 30)) for _ in range(300)]
    rows = examples({"t": texts}, {"t": "text"}, list(rng.choice(["x", "y"], 300)))
    train, valid, test = (rows.take(range(a, b)) for a, b in ((0, 150), (150, 250), (250, 300)))
    found = NgramLm().fit(train, valid, context).predict(test.inputs, context)
    assert found.probabilities.max(axis=1).mean() < 0.75


def test_chinese_is_read_by_its_characters(examples, context):
    texts = ["很好吃", "不好吃", "真的很好", "太难吃了不要", "好吃又快", "不快也难吃"] * 5
    rows = examples({"text": texts}, {"text": "text"}, ["1", "0"] * 15)
    found = NgramLm().fit(rows, None, context).predict(rows.inputs, context)
    assert (found.codes == rows.targets).all()
