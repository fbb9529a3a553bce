"""Encoders of pictures, prepared as they were trained."""

import io
import json

import numpy as np
import pytest
import torch
from PIL import Image

from bakeoff.core.errors import ArtefactError, ContenderError
from bakeoff.models.encoder_source import find_encoder
from bakeoff.models.image_encoders import load_image_encoder
from bakeoff.testing.tiny_encoder import tiny_encoder


def picture(colour, size=(20, 12)):
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture(params=["vit", "resnet"])
def encoder(request, tmp_path):
    folder = tiny_encoder(tmp_path / request.param, architecture=request.param)
    return load_image_encoder(find_encoder(str(folder)))


def vectors(encoder, pixels):
    with torch.inference_mode():
        return encoder.net(torch.from_numpy(np.stack(pixels))).numpy()


def test_pictures_become_vectors(encoder):
    pixels = encoder.pixels([picture("red"), picture("blue", (50, 40)), b""])
    assert {array.shape for array in pixels} == {(3, 16, 16)}
    found = vectors(encoder, pixels)
    assert found.shape == (3, encoder.width)
    assert np.isfinite(found).all()
    assert np.abs(found[0] - found[1]).max() > 1e-3


def test_vits_have_a_token_of_their_own_for_the_picture(encoder):
    expected = "cls" if encoder.source.checkpoint.model_type == "vit" else "mean"
    assert encoder.pooling == expected


def test_a_broken_picture_is_named_by_its_position(encoder):
    with pytest.raises(ContenderError, match="picture 8 cannot be decoded"):
        encoder.pixels([picture("red"), b"no picture"], first=7)


def test_it_is_loaded_once_and_in_silence(encoder, capfd):
    again = load_image_encoder(encoder.source, pooling="mean")
    assert again.net.model is encoder.net.model
    encoder.pixels([picture("red")])
    assert capfd.readouterr() == ("", "")


def test_weights_of_another_architecture_are_refused(tmp_path):
    folder = tiny_encoder(tmp_path, architecture="resnet")
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"depths": [1, 2]}))
    with pytest.raises(ArtefactError, match=r"is not what its config\.json says"):
        load_image_encoder(find_encoder(str(folder)))
