from __future__ import annotations

import numpy as np
import pytest

from bakeoff.contenders.ngram.ngram_linear import NgramLinear


def accuracy(fitted, rows, context):
    return float(np.mean(fitted.predict(rows.inputs, context).codes == rows.targets))


def test_it_learns_the_words_that_matter(reviews, context):
    fitted = NgramLinear().fit(reviews.take(range(90)), None, context)
    assert accuracy(fitted, reviews.take(range(90, 120)), context) == 1.0


def test_it_learns_from_the_validation_rows_too(reviews, context):
    whole = NgramLinear().fit(reviews, None, context)
    parts = NgramLinear().fit(reviews.take(range(80)), reviews.take(range(80, 120)), context)
    assert whole.predict(reviews.inputs, context).table.equals(
        parts.predict(reviews.inputs, context).table
    )


def test_every_text_column_counts(examples, context):
    first = ["same"] * 40
    second = ["red apple", "green pear"] * 20
    rows = examples({"a": first, "b": second}, {"a": "text", "b": "text"}, ["r", "g"] * 20)
    assert accuracy(NgramLinear().fit(rows, None, context), rows, context) == 1.0


def test_chinese_is_read_by_its_characters(examples, context):
    texts = ["很好吃", "不好吃", "真的很好", "太难吃了不要", "好吃又快", "不快也难吃"] * 5
    rows = examples({"text": texts}, {"text": "text"}, ["1", "0"] * 15)
    assert accuracy(NgramLinear().fit(rows, None, context), rows, context) == 1.0


def test_numbers_are_learned_by_ridge(examples, context):
    texts = [f"{'great ' * (i % 5)}film number {i}" for i in range(100)]
    rows = examples({"t": texts}, {"t": "text"}, [i % 5 for i in range(100)], "regression")
    values = NgramLinear().fit(rows, None, context).predict(rows.inputs, context).values
    assert np.mean((values - rows.targets) ** 2) < 0.2 * rows.targets.var()


@pytest.mark.data
@pytest.mark.parametrize(
    ("train", "test", "floor"),
    [
        ("sst2/train_sentences.tsv.gz", "sst2/test.tsv.gz", 0.826),
        ("trec6/train.tsv.gz", "trec6/test.tsv.gz", 0.874),
        ("banking77/train.tsv.gz", "banking77/test.tsv.gz", 0.914),
    ],
)
def test_it_reaches_its_floor_on_real_texts(train, test, floor, data_rows, examples, context):
    parts = [data_rows(train), data_rows(test)]
    classes = sorted({row["label"] for row in parts[0]})
    learn, judge = (
        examples(
            {"text": [row["text"] for row in part]},
            {"text": "text"},
            [row["label"] for row in part],
            classes=classes,
        )
        for part in parts
    )
    assert accuracy(NgramLinear().fit(learn, None, context), judge, context) >= floor
