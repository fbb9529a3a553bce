from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr

from bakeoff.contenders.pairs.pair_linear import PairLinear


def test_it_sees_that_two_texts_hold_the_same_words(pairs, context):
    train, valid, test = (pairs.take(range(a, b)) for a, b in ((0, 80), (80, 100), (100, 120)))
    found = PairLinear().fit(train, valid, context).predict(test.inputs, context)
    assert (found.codes == test.targets).mean() > 0.9


@pytest.mark.parametrize("names", [("a",), ("a", "b", "c")])
def test_other_than_two_texts_are_refused(names, examples):
    rows = examples({key: ["x", "y"] for key in names}, dict.fromkeys(names, "text"), ["n", "m"])
    assert f"have {len(names)}" in PairLinear().refuses(rows.task)


@pytest.mark.data
def test_likeness_of_real_sentences_beats_a_single_cosine(data_rows, examples, context):
    def part(name):
        rows = data_rows(f"stsb/{name}.tsv.gz")
        columns = {key: [row[key] for row in rows] for key in ("sentence1", "sentence2")}
        scores = [float(row["score"]) for row in rows]
        return examples(columns, dict.fromkeys(columns, "text"), scores, "regression")

    train, test = part("train"), part("test")
    values = PairLinear().fit(train, part("dev"), context).predict(test.inputs, context).values
    assert spearmanr(values, test.targets)[0] > 0.72
    mean_error = np.mean((train.targets.mean() - test.targets) ** 2)
    assert np.mean((values - test.targets) ** 2) < 0.5 * mean_error
