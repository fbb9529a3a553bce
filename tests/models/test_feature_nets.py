from __future__ import annotations

import io
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bakeoff.core.errors import ContenderError
from bakeoff.core.store import Store
from bakeoff.models.feature_nets import FeatureNet, PictureInput, as_cells
from bakeoff.models.net_files import NetFile, why_no_net
from bakeoff.testing.tiny_picture_net import CLASSES, FEATURES, SIDE, tiny_onnx


def png(values):
    buffer = io.BytesIO()
    Image.fromarray(np.asarray(values, dtype=np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def pictures():
    rng = np.random.default_rng(0)
    return [png(rng.integers(0, 255, (SIDE, SIDE, 3))) for _ in range(5)]


@pytest.fixture
def onnx(tmp_path):
    pytest.importorskip("onnxruntime")

    def made(**options):
        path = tmp_path / "tiny.onnx"
        path.write_bytes(tiny_onnx(**options))
        return NetFile.read(path)

    return made


@pytest.mark.parametrize(
    ("given", "scaling", "darkest", "middle", "brightest"),
    [
        (PictureInput(2, False, "float32"), "auto", -1, 0, 1),
        (PictureInput(2, False, "float32"), "unit", 0, 0.5, 1),
        (PictureInput(2, True, "float32"), "auto", -0.485 / 0.229, 0.015 / 0.229, 0.515 / 0.229),
        (PictureInput(2, False, "uint8"), "auto", 0, 128, 255),
        (PictureInput(2, False, "int8"), "auto", -128, 0, 127),
        (PictureInput(2, False, "uint8", 1 / 128, 128), "signed", 0, 128, 255),
        (PictureInput(2, False, "int8", 0.02, 10), "unit", 10, 35, 60),
    ],
)
def test_pixels_are_scaled_as_the_net_takes_them(given, scaling, darkest, middle, brightest):
    for level, wanted in ((0, darkest), (0.5, middle), (1, brightest)):
        found = given.tensor(np.full((2, 2, 3), level, dtype=np.float32), scaling)
        assert found.dtype == given.dtype
        assert found.shape == ((1, 3, 2, 2) if given.channels_first else (1, 2, 2, 3))
        assert found.ravel()[0] == pytest.approx(wanted, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(
    ("shape", "says"),
    [
        ((1, 128), "not one picture"),
        ((8, 3, 4, 4), "not one picture"),
        ((1, 1, 4, 4), "three channels"),
        ((1, 3, 4, 6), "only square"),
    ],
)
def test_an_input_that_is_no_picture_is_refused_with_its_shape(shape, says):
    with pytest.raises(ContenderError, match=says) as caught:
        PictureInput.of_shape("x", shape, "float32")
    assert " x ".join(map(str, shape)) in str(caught.value)


@pytest.mark.parametrize(
    ("shape", "grid", "channels_first", "wanted"),
    [
        ((1, 2, 3, 4), 1, False, [[10, 11, 12, 13]]),
        ((1, 2, 3, 4), 1, True, [[5.5, 17.5]]),
        (
            (1, 2, 3, 4),
            2,
            False,
            [[2, 3, 4, 5], [8, 9, 10, 11], [14, 15, 16, 17], [20, 21, 22, 23]],
        ),
        ((1, 6, 4), 1, True, [[10, 11, 12, 13]]),
        ((1, 3, 8), 3, True, np.arange(24).reshape(3, 8).tolist()),
        ((1, 24), 3, True, [list(range(24))]),
    ],
)
def test_places_and_tokens_become_means_over_cells(shape, grid, channels_first, wanted):
    values = np.arange(24.0).reshape(shape)
    assert as_cells(values, grid, channels_first=channels_first).tolist() == wanted


def test_cells_are_of_the_layer_before_the_mean_over_places(onnx, pictures):
    whole, cells = FeatureNet(onnx()), FeatureNet(onnx(), grid=2)
    assert (whole.opened(1).layer, cells.opened(1).layer) == ("features", "bright")
    assert cells.shape(1) == (4, FEATURES)
    means = cells.features(pictures, 1).reshape(5, 4, FEATURES).mean(axis=1)
    np.testing.assert_allclose(means, whole.features(pictures, 1), rtol=1e-4)


def test_an_onnx_net_is_cut_before_its_head(onnx, pictures):
    net = FeatureNet(onnx())
    assert net.shape(1) == (1, FEATURES)
    assert net.cut_off(1)
    found = net.features(pictures, 1)
    wanted = FeatureNet(onnx(head=False)).features(pictures, 1)
    np.testing.assert_array_equal(found, wanted)


def test_a_layer_can_be_named(onnx, pictures):
    assert FeatureNet(onnx(), "scores").features(pictures, 1).shape == (5, CLASSES)
    bright = FeatureNet(onnx(), "bright").features(pictures, 1)
    np.testing.assert_allclose(bright, FeatureNet(onnx()).features(pictures, 1), rtol=1e-5)
    with pytest.raises(ContenderError, match="did you mean 'features'"):
        FeatureNet(onnx(), "feature").shape(1)


def test_a_row_depends_on_its_picture_alone(onnx, pictures):
    net = FeatureNet(onnx())
    whole = net.features(pictures, 1)
    np.testing.assert_array_equal(net.features(pictures[3:], 1), whole[3:])
    with ThreadPoolExecutor(2) as pool:
        for found in pool.map(lambda _: net.features(pictures, 1), range(4)):
            np.testing.assert_array_equal(found, whole)


def test_any_size_of_picture_and_a_missing_one_are_taken(onnx):
    net = FeatureNet(onnx(shape=("n", 3, "h", "w")))
    assert net.opened(1).picture.side == 224
    assert np.isfinite(net.features([png(np.zeros((3, 40, 3))), b""], 1)).all()


def test_features_are_made_once(onnx, pictures, tmp_path, monkeypatch):
    store, keys = Store(tmp_path, "features"), [f"{n:064x}" for n in range(5)]
    first = FeatureNet(onnx()).cached(keys, pictures, store, 1)
    again = FeatureNet(onnx())
    again.shape(1)
    monkeypatch.setattr(FeatureNet, "features", None)
    found = again.cached(keys, pictures, store, 1)
    np.testing.assert_array_equal(found.values, first.values)
    assert (first.cached_cpu_s, found.cached_cpu_s > 0) == (0, True)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"inputs": ("a", "b")}, r"2 inputs \('a', 'b'\)"),
        ({"shape": (1, 12)}, "cannot run it|not one picture"),
    ],
)
def test_a_net_of_something_else_is_refused_by_name(onnx, options, says):
    with pytest.raises(ContenderError, match=rf"'tiny.onnx' cannot be used: .*({says})"):
        FeatureNet(onnx(**options)).shape(1)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("net.pt", b"PK", "no .tflite or .onnx file"),
        ("net.onnx", tiny_onnx()[:-40], "no whole ONNX file: it is cut off"),
        ("net.onnx", b"hello", "no whole ONNX file"),
        ("net.tflite", b"hello world", "no TFLite file"),
        ("absent.tflite", None, "there is no file"),
    ],
)
def test_a_file_that_holds_no_net_is_told_without_a_runtime(tmp_path, name, content, says):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert says in why_no_net(tmp_path / name)
    with pytest.raises(ContenderError, match=name):
        NetFile.read(tmp_path / name)


def test_a_tflite_file_that_is_cut_off_is_refused_by_name(tmp_path):
    pytest.importorskip("ai_edge_litert")
    path = tmp_path / "half.tflite"
    path.write_bytes(b"\x1c\0\0\0TFL3" + b"\0" * 100)
    with pytest.raises(ContenderError, match=r"'half\.tflite' cannot be used"):
        FeatureNet(NetFile.read(path)).shape(1)


@pytest.mark.data
def test_mobilenet_gives_1280_features_without_a_word(pictures, capfd):
    pytest.importorskip("ai_edge_litert")
    folder = os.environ.get("BAKEOFF_DATA")
    if not folder:
        pytest.skip("BAKEOFF_DATA is not set")
    path = Path(folder) / "weights/mobilenet_v2_imagenet/mobilenet_v2_1.0_224_quant.tflite"
    net = FeatureNet(NetFile.read(path))
    found = net.features(pictures, 1)
    assert net.opened(1).layer == "MobilenetV2/Logits/AvgPool"
    assert net.opened(1).picture.dtype == "uint8"
    assert found.shape == (5, 1280)
    assert FeatureNet(net.file, grid=3).shape(1) == (9, 1280)
    assert len(np.unique(found, axis=0)) == 5
    np.testing.assert_array_equal(found[2:], net.features(pictures[2:], 1))
    assert FeatureNet(net.file, "MobilenetV2/Logits/Squeeze1").shape(1) == (1, 1001)
    assert capfd.readouterr() == ("", "")
