"""Token vectors distilled from an encoder."""

import os
import subprocess
import sys

import numpy as np
import pytest

from bakeoff.contenders.artefacts import save_model
from bakeoff.contenders.registry import make_contender
from bakeoff.testing import context, specimen

pytest.importorskip("torch")
pytest.importorskip("transformers")

ROWS = specimen("text", n_classes=2)


@pytest.fixture
def fitted(tiny):
    made = make_contender(f"encoder-static@size=8:{tiny('bert')}")
    return made, made.fit(ROWS.train, ROWS.valid, context())


def test_a_text_is_the_sum_of_its_tokens_alone(fitted):
    _, model = fitted
    some = ROWS.fresh.inputs.take([0, 1])
    words = [text.split() for text in some.texts("text")]
    mixed = some.table.set_column(0, "text", [[" ".join(reversed(text)) for text in words]])
    other = type(some)(some.ids, mixed, some.columns)
    np.testing.assert_allclose(model.reader.features(other), model.reader.features(some), atol=1e-6)
    assert model.reader.features(some).shape == (2, 8)


def test_unknown_tokens_count_for_nothing(fitted):
    _, model = fitted
    some = ROWS.fresh.inputs.take([0])
    for text in ("", "☃", "[SEP] [MASK]"):
        changed = some.table.set_column(0, "text", [[text]])
        found = model.reader.features(type(some)(some.ids, changed, some.columns))
        assert (found == 0).all()


def test_a_saved_model_needs_neither_torch_nor_encoder(fitted, tmp_path):
    made, model = fitted
    save_model(made, ROWS.task, model, tmp_path)
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from bakeoff.contenders.artefacts import load_model\n"
        "from bakeoff.testing import context, specimen\n"
        "rows = specimen('text', n_classes=2)\n"
        f"model = load_model(Path({str(tmp_path)!r})).fitted\n"
        "found = model.predict(rows.fresh.inputs, context()).probabilities\n"
        "assert 'torch' not in sys.modules\n"
        "print(float(found[:, 1].sum()))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"BAKEOFF_ENCODER": "/no/such/folder"},
    )
    expected = model.predict(ROWS.fresh.inputs, context()).probabilities[:, 1].sum()
    assert float(found.stdout) == pytest.approx(float(expected), abs=1e-9)


def test_facts_count_the_table(fitted):
    _, model = fitted
    facts = model.facts()
    assert facts.trained_parameters == 9
    assert facts.parameters == model.reader.vectors.table.size + 9
