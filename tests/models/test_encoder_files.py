"""A checkpoint folder looked at before anything is loaded."""

import json

import pytest

from bakeoff.core.errors import ArtefactError
from bakeoff.models.encoder_files import read_checkpoint
from bakeoff.testing.tiny_encoder import tiny_encoder


@pytest.fixture
def folder(tmp_path):
    return tiny_encoder(tmp_path / "tiny")


def change(path, **settings):
    path.write_text(json.dumps(json.loads(path.read_text()) | settings))


def test_a_whole_checkpoint_is_told_by_type_and_modality(folder):
    found = read_checkpoint(folder)
    assert (found.model_type, found.modality) == ("bert", "text")
    assert found.weight_bytes == (folder / "model.safetensors").stat().st_size


@pytest.mark.parametrize("architecture", ["vit", "resnet"])
def test_encoders_of_pictures_are_told(tmp_path, architecture):
    assert read_checkpoint(tiny_encoder(tmp_path, architecture=architecture)).modality == "image"


def test_the_digest_hangs_on_the_content_alone(folder, tmp_path):
    other = tiny_encoder(tmp_path / "copy")
    digest = read_checkpoint(folder).digest()
    assert read_checkpoint(other).digest() == digest
    (other / "README.md").write_text("of no meaning")
    assert read_checkpoint(other).digest() == digest
    change(other / "config.json", layer_norm_eps=1e-5)
    assert read_checkpoint(other).digest() != digest
    reseeded = tiny_encoder(tmp_path / "reseeded", seed=1)
    assert read_checkpoint(reseeded).digest() != digest


def test_a_pickled_checkpoint_is_refused_by_name(folder):
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(ArtefactError, match=r"pytorch_model\.bin") as error:
        read_checkpoint(folder)
    assert "can run code" in error.value.why
    assert "save_pretrained" in error.value.fix


def test_a_pickle_beside_safetensors_does_no_harm(folder):
    (folder / "pytorch_model.bin").write_bytes(b"never opened")
    assert read_checkpoint(folder).weights == (folder / "model.safetensors",)


@pytest.mark.parametrize(
    ("cut", "says"), [(-100, "truncated"), (4, "damaged"), (0, "damaged"), (40, "damaged")]
)
def test_a_truncated_file_is_refused_by_name(folder, cut, says):
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(ArtefactError, match=r"model\.safetensors.*" + says):
        read_checkpoint(folder)


def test_a_file_that_is_too_long_is_refused(folder):
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes() + b"more")
    with pytest.raises(ArtefactError, match="damaged"):
        read_checkpoint(folder)


def test_parts_of_the_weights_are_all_needed(folder):
    (folder / "model.safetensors").rename(folder / "model-1.safetensors")
    index = {"weight_map": {"a": "model-1.safetensors", "b": "model-2.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    with pytest.raises(ArtefactError, match=r"model-2\.safetensors"):
        read_checkpoint(folder)


@pytest.mark.parametrize(
    ("gone", "says"),
    [
        ("config.json", r"no config\.json"),
        ("model.safetensors", "no weights"),
        ("tokenizer.json", "no tokenizer"),
    ],
)
def test_what_is_absent_is_named(folder, gone, says):
    (folder / gone).unlink()
    with pytest.raises(ArtefactError, match=says):
        read_checkpoint(folder)


@pytest.mark.parametrize(
    ("content", "says"),
    [("{", "cannot be read"), ("[]", "no model_type"), ('{"vocab_size": 1}', "no model_type")],
)
def test_a_config_that_says_nothing_is_refused(folder, content, says):
    (folder / "config.json").write_text(content)
    with pytest.raises(ArtefactError, match=says):
        read_checkpoint(folder)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"text_config": {}, "vision_config": {}}, "a tower for texts"),
        ({"num_mel_bins": 80}, "sound"),
        ({"num_channels": 3}, "at once"),
    ],
)
def test_other_modalities_are_refused(folder, settings, says):
    change(folder / "config.json", **settings)
    with pytest.raises(ArtefactError, match=says):
        read_checkpoint(folder)
