"""Pretrained encoders that are not there, not safe or not whole stop the plan, by name."""

import pytest

from bakeoff.core import extras

pytest.importorskip("torch")
pytest.importorskip("transformers")


@pytest.fixture
def folder(tmp_path):
    from bakeoff.testing.tiny_encoder import tiny_encoder

    return tiny_encoder(tmp_path / "tiny")


def plan(path, spec):
    return ("plan", path, "--target", "label", "--contenders", spec)


def test_a_folder_that_is_missing(refused, reviews):
    spec = "encoder-frozen:/no/such/encoder"
    refused(1, plan(reviews, spec), "cannot do this task", "/no/such/encoder", "does not exist")


def test_a_pickled_checkpoint(refused, reviews, folder):
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    says = ("pytorch_model.bin", "can run code", "save_pretrained")
    refused(1, plan(reviews, f"hf:{folder}"), *says)


def test_a_truncated_checkpoint(refused, reviews, folder):
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-1])
    says = ("model.safetensors", "truncated", "download it again")
    refused(1, plan(reviews, f"encoder-static:{folder}"), *says)


def test_class_names_that_say_nothing(refused, reviews, folder, tmp_path):
    numbered = tmp_path / "numbered.csv"
    numbered.write_text(reviews.read_text().replace(",pos,", ",1,").replace(",neg,", ",0,"))
    says = ("the class names '0', '1' say nothing",)
    refused(1, plan(numbered, f"encoder-zeroshot:{folder}"), *says)


def test_without_torch_the_pip_line_is_told(refused, reviews, monkeypatch):
    monkeypatch.setattr(extras, "is_installed", lambda package: package != "torch")
    says = ("needs the package 'torch'", "pip install 'bakeoff[torch]'")
    refused(1, plan(reviews, "encoder-frozen"), *says)
