from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from bakeoff.contenders.registry import make_contender
from bakeoff.core.errors import UsageError

pytest.importorskip("torch")


def test_numbers_and_categories_are_learned_together(examples, context):
    rng = np.random.default_rng(0)
    big, red = rng.integers(0, 2, 400), rng.integers(0, 2, 400)
    columns = {
        "n": pa.array(big + rng.normal(0, 0.2, 400), mask=rng.random(400) < 0.05),
        "c": np.where(red, "red", "blue").tolist(),
        "same": [3.0] * 400,
    }
    types = {"n": "number", "c": "category", "same": "number"}
    rows = examples(columns, types, [f"{b ^ r}" for b, r in zip(big, red, strict=True)])
    parts = [rows.take(range(a, b)) for a, b in ((0, 280), (280, 340), (340, 400))]
    fitted = make_contender("tabular-mlp@learning_rate=0.005@epochs=40").fit(*parts[:2], context)
    found = fitted.predict(parts[2].inputs, context)
    # Neither column alone says anything: a linear model stays at chance.
    assert (found.codes == parts[2].targets).mean() > 0.85
    facts = fitted.facts()
    assert facts.parameters == facts.trained_parameters
    assert facts.model_bytes == 4 * facts.parameters


def test_a_category_never_seen_is_answered(examples, context):
    rows = examples({"c": ["red", "blue"] * 30}, {"c": "category"}, ["x", "y"] * 30)
    fitted = make_contender("tabular-mlp@epochs=3").fit(rows, None, context)
    new = replace(rows.inputs, ids=np.arange(1), table=pa.table({"c": ["violet"]}))
    assert not fitted.predict(new, context).is_missing.any()


def test_the_budget_goes_before_the_setting(mixed, context):
    told = replace(context, budget=replace(context.budget, epochs=2))
    first = make_contender("tabular-mlp@epochs=50").fit(mixed, None, told)
    second = make_contender("tabular-mlp@epochs=2").fit(mixed, None, context)
    found = first.predict(mixed.inputs, context)
    assert found.table.equals(second.predict(mixed.inputs, context).table)


def test_an_unknown_norm_is_refused():
    with pytest.raises(UsageError, match="it is layer or none"):
        make_contender("tabular-mlp@norm=batch")


def test_texts_alone_are_refused(reviews):
    assert "needs a" in make_contender("tabular-mlp").refuses(reviews.task)
