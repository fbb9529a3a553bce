from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bakeoff.contenders.artefacts import load_model, save_model
from bakeoff.contenders.registry import make_contender
from bakeoff.core.errors import ArtefactError, UsageError
from bakeoff.core.row_cache import CACHED_CPU_S
from bakeoff.core.store import Store
from bakeoff.models import net_files
from bakeoff.testing import contender_checks
from bakeoff.testing.check import NotTestableError
from bakeoff.testing.tiny_picture_net import tiny_onnx


@pytest.fixture(scope="module")
def spec(tmp_path_factory):
    pytest.importorskip("onnxruntime")
    path = tmp_path_factory.mktemp("net") / "tiny.onnx"
    path.write_bytes(tiny_onnx())
    return f"feature-net:{path}"


@pytest.fixture(scope="module")
def checks(spec):
    return {check.name: check for check in contender_checks(spec)}


@pytest.mark.parametrize("name", [check.name for check in contender_checks("majority")])
def test_it_keeps_the_promises_of_a_contender(checks, name):
    try:
        checks[name]()
    except NotTestableError as reason:
        pytest.skip(str(reason))


def test_the_file_decides_which_package_is_needed(spec):
    assert make_contender(spec).card.extras == ("onnx",)
    assert make_contender("feature-net:a.tflite").card.extras == ("tflite",)
    assert make_contender(spec).title() == "tiny, frozen"


def test_no_file_and_an_unknown_scaling_are_refused(pictures, spec):
    with pytest.raises(UsageError, match="needs the file of a net"):
        make_contender("feature-net")
    with pytest.raises(UsageError, match="scaling=half is not known"):
        make_contender("feature-net@scaling=half:a.onnx")
    assert "no file" in make_contender("feature-net:absent.onnx").refuses(pictures.task)
    assert make_contender(spec).refuses(pictures.task) is None


def test_features_that_lie_in_the_store_are_charged(pictures, spec, context):
    counts = {}

    class Meter:
        def add(self, unit, amount):
            counts[unit] = counts.get(unit, 0) + amount

    contender = make_contender(spec)
    contender.fit(pictures, None, replace(context, meter=Meter()))
    assert counts == {}
    contender.fit(pictures, None, replace(context, meter=Meter()))
    assert counts[CACHED_CPU_S] > 0


def test_a_net_without_a_head_is_told(pictures, tmp_path, context):
    pytest.importorskip("onnxruntime")
    path = tmp_path / "bare.onnx"
    path.write_bytes(tiny_onnx(head=False))
    notes = []
    make_contender(f"feature-net:{path}").fit(pictures, None, replace(context, note=notes.append))
    assert len(notes) == 1
    assert "bare.onnx" in notes[0]


def test_a_net_too_large_for_a_copy_is_vouched_for_by_its_hash(
    pictures, tmp_path, context, monkeypatch
):
    pytest.importorskip("onnxruntime")
    monkeypatch.setattr(net_files, "LARGEST_COPY_BYTES", 10)
    path = tmp_path / "large.onnx"
    path.write_bytes(tiny_onnx())
    contender = make_contender(f"feature-net:{path}")
    fitted = contender.fit(pictures, None, context)
    save_model(contender, pictures.task, fitted, tmp_path / "model")
    assert not list((tmp_path / "model").glob("*.onnx"))
    cold = replace(context, features=Store(tmp_path, "other"))
    wanted = fitted.predict(pictures.inputs, cold).probabilities
    found = load_model(tmp_path / "model").fitted.predict(pictures.inputs, cold).probabilities
    np.testing.assert_array_equal(found, wanted)
    path.write_bytes(tiny_onnx(seed=1))
    with pytest.raises(ArtefactError, match="not the net"):
        load_model(tmp_path / "model")
    path.unlink()
    with pytest.raises(ArtefactError, match="there is no file"):
        load_model(tmp_path / "model")


def test_a_small_net_travels_with_the_model(pictures, tmp_path, context):
    pytest.importorskip("onnxruntime")
    path = tmp_path / "small.onnx"
    path.write_bytes(tiny_onnx())
    contender = make_contender(f"feature-net:{path}")
    fitted = contender.fit(pictures, None, context)
    save_model(contender, pictures.task, fitted, tmp_path / "model")
    path.unlink()
    found = load_model(tmp_path / "model").fitted.predict(pictures.inputs, context)
    assert found.table.equals(fitted.predict(pictures.inputs, context).table)
    assert fitted.facts().parameters > fitted.facts().trained_parameters > 0
