"""Rows through a frozen encoder."""

import numpy as np
import pytest

from bakeoff.models.encoder_source import find_encoder
from bakeoff.models.encoders import load_text_encoder
from bakeoff.testing.tiny_encoder import tiny_encoder
from bakeoff.training import precision
from bakeoff.training.encoder_rows import encoder_rows
from bakeoff.training.frozen import (
    encode,
    encode_tokens,
    encoding_flops,
    frozen_precision,
    usual_length,
)

TEXTS = [" ".join(["puppy", "sun", "the", "loan"][: i % 5] * (i % 3 + 1)) for i in range(40)]


@pytest.fixture(scope="module")
def encoder(tmp_path_factory):
    return load_text_encoder(find_encoder(str(tiny_encoder(tmp_path_factory.mktemp("tiny")))))


def test_a_rows_vector_does_not_depend_on_its_neighbours(encoder):
    options = {"device": "cpu", "threads": 1, "precision": "fp32"}
    together = encode(encoder, TEXTS, **options)
    alone = np.concatenate([encode(encoder, [text], **options) for text in TEXTS])
    np.testing.assert_allclose(alone, together, atol=1e-6)


def test_nothing_is_encoded_as_nothing(encoder):
    found = encode(encoder, [], device="cpu", threads=1, precision="fp32")
    assert found.shape == (0, encoder.width)


def test_a_token_alone_is_a_text_of_one_token(encoder):
    number = encoder.tokenizer.token_to_id("puppy")
    options = {"device": "cpu", "threads": 1, "precision": "fp32"}
    found = encode_tokens(encoder, np.array([number]), **options)
    np.testing.assert_allclose(found, encode(encoder, ["puppy"], **options), atol=1e-6)


def test_longer_texts_are_more_work(encoder):
    short, long = (encoding_flops(encoder, length) for length in (4, 24))
    # 2 blocks of 4 * 32 * 32 + 2 * 32 * 64 weights, 4 tokens, two operations a weight.
    weights = 2 * (4 * 32 * 32 + 2 * 32 * 64)
    assert short == pytest.approx(2 * 4 * weights, rel=0.2)
    assert long > 5 * short
    assert usual_length(encoder, ["puppy " * n for n in (1, 2, 20)]) == 4
    assert usual_length(encoder, []) == 0


def test_further_columns_are_the_second_half_of_a_pair(encoder):
    rows = encoder_rows(encoder, [["puppy"], ["sun"], ["loan"]])
    words = [encoder.tokenizer.id_to_token(number) for number in rows.sequences[0]]
    assert words == ["[CLS]", "puppy", "[SEP]", "sun", "loan", "[SEP]"]
    assert list(rows.kinds[0]) == [0, 0, 0, 1, 1, 1]


@pytest.mark.parametrize(("gains", "wanted"), [(True, "bf16"), (False, "fp32")])
def test_the_precision_is_one_that_the_device_gains_from(gains, wanted, monkeypatch):
    monkeypatch.setattr(precision, "cpu_gains", lambda: gains)
    assert frozen_precision("cpu") == wanted
