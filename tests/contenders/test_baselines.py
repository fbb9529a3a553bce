from __future__ import annotations

import numpy as np

from bakeoff.contenders.baselines.majority import Majority


def test_majority_gives_the_shares_of_the_classes(examples, context):
    rows = examples({"x": ["a"] * 4}, {"x": "text"}, ["no", "yes", "yes", "yes"])
    found = Majority().fit(rows, None, context).predict(rows.inputs, context)
    assert found.codes.tolist() == [1, 1, 1, 1]
    np.testing.assert_allclose(found.probabilities, [[0.25, 0.75]] * 4)


def test_majority_gives_the_mean_of_numbers(examples, context):
    rows = examples({"x": ["a"] * 3}, {"x": "text"}, [1, 2, 6], "regression")
    assert Majority().fit(rows, None, context).predict(rows.inputs, context).values.tolist() == [
        3.0,
        3.0,
        3.0,
    ]
