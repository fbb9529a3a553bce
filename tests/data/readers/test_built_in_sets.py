import io

import numpy as np
import pytest
from PIL import Image

from bakeoff.core.errors import DataError, MissingExtraError, UsageError
from bakeoff.data.answers import join_answers
from bakeoff.data.load import load_dataset
from bakeoff.data.readers import READERS
from bakeoff.data.readers.docstrings import answers_file


@pytest.fixture(scope="module")
def docstrings():
    return load_dataset("docstrings")


def test_docstrings_are_texts_of_seven_areas(docstrings):
    areas = docstrings.table["area"].to_pylist()
    assert len(set(areas)) == 7
    assert len(docstrings) > 3_000
    texts = docstrings.table["text"].to_pylist()
    assert len(set(texts)) == len(texts)
    assert all(40 <= len(text) <= 400 for text in texts)


def test_most_of_the_shipped_answers_meet_a_docstring(docstrings):
    joined, summary = join_answers(docstrings, answers_file())
    assert summary.matched + summary.unmatched == 400
    assert summary.matched > 200
    pairs = zip(
        joined.table[summary.column].to_pylist(), joined.table["area"].to_pylist(), strict=True
    )
    right = [answer == area for answer, area in pairs if answer is not None]
    assert sum(right) / len(right) > 0.95


def test_digits_are_pictures():
    dataset = load_dataset("sklearn:digits", limit=50)
    assert dataset.table["image"][0].as_py().startswith(b"\x89PNG")
    assert len(dataset) == 50


@pytest.fixture(scope="module")
def turned():
    dataset = load_dataset("sklearn:digits-angle")
    opened = [Image.open(io.BytesIO(data)) for data in dataset.table["image"].to_pylist()]
    return np.stack([np.asarray(picture) for picture in opened]), dataset


def test_turned_digits_have_an_angle_and_no_label(turned):
    _, dataset = turned
    angles = dataset.table["angle"].to_numpy()
    assert dataset.table.column_names == ["image", "angle"]
    assert -45 <= angles.min() < -44
    assert 44 < angles.max() <= 45
    assert abs(angles.mean()) < 2
    assert load_dataset("sklearn:digits-angle").fingerprint == dataset.fingerprint


def test_a_turned_digit_keeps_its_corners(turned):
    pictures, _ = turned
    assert pictures.shape == (1797, 16, 16)
    inner = pictures.astype(float).copy()
    inner[:, 1:-1, 1:-1] = 0
    # A blurred trace of the outermost ink may reach the rim; a stroke may not.
    assert inner.sum(axis=(1, 2)).max() < 0.06 * pictures.sum(axis=(1, 2)).min()


def test_the_angle_is_how_far_the_digit_leans_counter_clockwise(turned):
    pictures, dataset = turned
    angles = dataset.table["angle"].to_numpy()
    down, across = np.indices((16, 16)) - 7.5
    ink = pictures / pictures.sum(axis=(1, 2), keepdims=True)
    # Second moments of the ink; of upright digits the mixed one is small against the others.
    mixed = (ink * across * down).sum(axis=(1, 2))
    assert np.corrcoef(np.sin(np.radians(2 * angles)), mixed)[0, 1] > 0.5


def test_tables_of_scikit_learn_have_names_for_classes():
    assert set(load_dataset("sklearn:iris").table["target"].to_pylist()) == {
        "setosa",
        "versicolor",
        "virginica",
    }


@pytest.mark.parametrize("source", ["sklearn:digit", "docstrings:x", "hf://", "hf://a/b?spilt=x"])
def test_a_misspelt_name_is_refused(source):
    with pytest.raises(UsageError):
        load_dataset(source)


def test_a_hub_address_names_data_set_config_and_split(monkeypatch):
    datasets = pytest.importorskip("datasets")
    asked = []

    def fake(*args, **kwargs):
        asked.append((args, kwargs))
        return datasets.Dataset.from_dict({"text": ["a", "b"], "label": ["x", "y"]})

    monkeypatch.setattr(datasets, "load_dataset", fake)
    dataset = load_dataset("hf://org/name?split=test&config=en")
    assert dataset.name == "name"
    assert asked == [(("org/name", "en"), {"split": "test", "revision": None})]


def test_a_hub_that_cannot_be_reached_is_an_error_with_the_reason(monkeypatch):
    datasets = pytest.importorskip("datasets")

    def fail(*args, **kwargs):
        raise ConnectionError("no route")

    monkeypatch.setattr(datasets, "load_dataset", fail)
    with pytest.raises(DataError, match="no route"):
        load_dataset("hf://org/name")


def test_without_the_extra_the_pip_line_is_shown(monkeypatch):
    monkeypatch.setattr("bakeoff.core.extras.is_installed", lambda package: False)
    with pytest.raises(MissingExtraError, match=r"bakeoff\[hub\]"):
        load_dataset("hf://org/name")


def test_every_reader_can_be_loaded():
    for name in READERS.names():
        assert callable(READERS.load(name))
