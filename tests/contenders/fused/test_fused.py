from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image

from bakeoff.contenders.artefacts import load_model, save_model
from bakeoff.contenders.registry import make_contender
from bakeoff.core.errors import ArtefactError, UsageError
from bakeoff.core.row_cache import CACHED_CPU_S
from bakeoff.core.store import Store
from bakeoff.testing.tiny_encoder import tiny_encoder
from bakeoff.testing.tiny_picture_net import tiny_onnx

pytest.importorskip("torch")

TYPES = {"note": "text", "picture": "image", "size": "number", "kind": "category"}
SMALL = "@size=16@epochs=12@learning_rate=0.01"


def picture(bright, rng):
    values = rng.integers(0, 60, (12, 12, 3), dtype=np.uint8)
    values[:6] += 150 if bright else 0
    buffer = io.BytesIO()
    Image.fromarray(values).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def products(examples):
    """Return 160 rows of four classes: the text tells one bit, the picture the other."""
    rng = np.random.default_rng(0)
    good, bright = rng.integers(0, 2, 160), rng.integers(0, 2, 160)
    columns = {
        "note": [["bleak dull it", "it vivid keen"][g] for g in good],
        "picture": pa.array([picture(b, rng) for b in bright], pa.large_binary()),
        "size": pa.array(rng.normal(0, 1, 160), mask=rng.random(160) < 0.1),
        "kind": ["red", "blue"] * 80,
    }
    return examples(columns, TYPES, [f"{g}{b}" for g, b in zip(good, bright, strict=True)])


@pytest.fixture
def frozen(tmp_path, monkeypatch):
    """Return a spec whose text and pictures are read by frozen nets of a few weights."""
    pytest.importorskip("onnxruntime")
    pytest.importorskip("transformers")
    monkeypatch.setenv("BAKEOFF_ENCODER", str(tiny_encoder(tmp_path / "encoder")))
    net = tmp_path / "tiny.onnx"
    net.write_bytes(tiny_onnx())
    return f"fused@fusion=cross@text=encoder@image={net}@spans=4@grid=2{SMALL}"


@pytest.mark.parametrize("fusion", ["late", "early", "cross"])
def test_what_two_modalities_tell_is_joined(fusion, products, context):
    train, valid, test = (products.take(range(a, b)) for a, b in ((0, 100), (100, 120), (120, 160)))
    fitted = make_contender(f"fused@fusion={fusion}{SMALL}").fit(train, valid, context)
    found = fitted.predict(test.inputs, context)
    # Either modality alone is right in half of the rows.
    assert (found.codes == test.targets).mean() > 0.8


def test_frozen_branches_are_read_saved_and_charged(frozen, products, context, tmp_path):
    contender = make_contender(frozen)
    assert contender.card.pretrained
    assert set(contender.card.extras) == {"onnx", "torch"}
    assert contender.refuses(products.task) is None
    fitted = contender.fit(products.take(range(120)), None, context)
    test = products.take(range(120, 160))
    found = fitted.predict(test.inputs, context)
    assert (found.codes == test.targets).mean() > 0.5
    facts = fitted.facts()
    assert facts.parameters > facts.trained_parameters

    save_model(contender, products.task, fitted, tmp_path / "model")
    again = load_model(tmp_path / "model").fitted
    cold = replace(context, features=Store(tmp_path, "cold"))
    np.testing.assert_allclose(
        again.predict(test.inputs, cold).probabilities, found.probabilities, atol=1e-6
    )
    counts = {}

    class Meter:
        def add(self, unit, amount):
            counts[unit] = counts.get(unit, 0) + amount

    again.predict(test.inputs, replace(cold, meter=Meter()))
    assert counts[CACHED_CPU_S] > 0


def test_a_model_whose_frozen_net_was_changed_is_refused(frozen, products, context, tmp_path):
    contender = make_contender(frozen)
    fitted = contender.fit(products.take(range(40)), None, context)
    folder = tmp_path / "model"
    folder.mkdir()
    fitted.save(folder)
    (kept,) = folder.glob("*.onnx")
    kept.write_bytes(tiny_onnx(seed=1))
    with pytest.raises(ArtefactError, match="not the net"):
        contender.load(folder, products.task)


def test_a_row_depends_on_nothing_but_itself(products, context):
    fitted = make_contender(f"fused@fusion=cross{SMALL}").fit(products, None, context)
    whole = fitted.predict(products.inputs, context).probabilities
    some = np.arange(3, 160, 7)
    found = fitted.predict(products.inputs.take(some), context).probabilities
    np.testing.assert_allclose(found, whole[some], atol=1e-5)


@pytest.mark.parametrize("kept", [("note", "picture"), ("picture", "kind"), ("note", "size")])
def test_any_two_modalities_are_joined_and_may_be_missing_later(kept, products, context):
    inputs = products.inputs.select(kept)
    rows = replace(products, inputs=inputs, task=replace(products.task, inputs=inputs.columns))
    contender = make_contender("fused@fusion=cross@size=8@epochs=1")
    assert contender.refuses(rows.task) is None
    fitted = contender.fit(rows, None, context)
    nothing = {name: pa.nulls(2, inputs.table[name].type) for name in kept}
    found = fitted.predict(replace(inputs.take([0, 1]), table=pa.table(nothing)), context)
    assert not found.is_missing.any()


@pytest.mark.parametrize(
    ("names", "says"),
    [(("note",), "hold text alone"), (("size", "kind"), "hold columns alone")],
)
def test_one_modality_is_refused(names, says, products):
    task = replace(products.task, inputs=products.inputs.select(names).columns)
    assert says in make_contender("fused").refuses(task)


def test_a_frozen_net_that_is_not_there_is_refused_while_planning(products, tmp_path, monkeypatch):
    assert "there is no file" in make_contender("fused@image=a.onnx").refuses(products.task)
    monkeypatch.setenv("BAKEOFF_ENCODER", str(tmp_path / "absent"))
    assert "absent" in make_contender("fused@text=encoder").refuses(products.task)


@pytest.mark.parametrize("setting", ["fusion=middle", "text=letters", "size=10"])
def test_unknown_settings_are_refused(setting):
    with pytest.raises(UsageError, match=setting):
        make_contender(f"fused@{setting}")
