"""Causal checkpoints as learners: frozen, fine-tuned and with LoRA, by their last token."""

from __future__ import annotations

import numpy as np
import pytest

from bakeoff.contenders.artefacts import load_model, save_model
from bakeoff.contenders.pretrained.finetuned import EncoderFineTuned
from bakeoff.contenders.registry import make_contender
from bakeoff.core.errors import UsageError
from bakeoff.testing import context, specimen
from bakeoff.testing.examples import vocabulary

pytest.importorskip("torch")

QUICK = "@precision=fp32@least_steps=0@batch_rows=16@patience=9@epochs=6@head_rate_factor=1.0"
ARCHITECTURES = ["gpt2", "llama"]


@pytest.fixture(scope="module")
def causal(make_causal, tmp_path_factory):
    place = tmp_path_factory.mktemp("causal")
    words = [" ".join(vocabulary())] * 3
    return {
        name: make_causal(place / name, name, longest=64, texts=words) for name in ARCHITECTURES
    }


@pytest.fixture(scope="module")
def texts():
    return specimen("text", n_classes=2)


def fitted_on(spec, rows):
    made = make_contender(spec)
    assert made.refuses(rows.task) is None
    return made, made.fit(rows.train, rows.valid, context())


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize(
    "use",
    [
        "frozen",
        f"finetuned@learning_rate=0.005{QUICK}",
        f"lora@learning_rate=0.02{QUICK}",
        f"lora@targets=all@learning_rate=0.01{QUICK}",
    ],
)
def test_a_causal_checkpoint_learns_to_tell_classes_apart(
    architecture, use, causal, texts, tmp_path
):
    made, fitted = fitted_on(f"hf@use={use}:{causal[architecture]}", texts)
    inputs = texts.fresh.inputs
    found = fitted.predict(inputs, context())
    # Random weights: what is learned is seen on the rows that it learned from.
    seen = fitted.predict(texts.train.inputs, context())
    assert (seen.codes == texts.train.targets).mean() > 0.7
    alone = fitted.predict(inputs.take([3]), context())
    np.testing.assert_allclose(alone.probabilities[0], found.probabilities[3], atol=1e-5)
    save_model(made, texts.task, fitted, tmp_path)
    again = load_model(tmp_path).fitted.predict(inputs, context())
    assert again.table.equals(found.table)


def test_the_row_is_read_at_its_last_token_unless_told_otherwise(causal):
    from bakeoff.models.encoder_source import find_encoder
    from bakeoff.models.encoders import load_text_encoder

    source = find_encoder(str(causal["gpt2"]))
    assert load_text_encoder(source).pooling == "last"
    assert load_text_encoder(source, pooling="mean").pooling == "mean"
    with pytest.raises(UsageError, match="auto, mean, cls or last"):
        EncoderFineTuned(pooling="first")


def test_the_texts_of_a_pair_do_not_run_into_one_another(causal):
    from bakeoff.models.encoder_source import find_encoder
    from bakeoff.models.encoders import load_text_encoder

    encoder = load_text_encoder(find_encoder(str(causal["gpt2"])))
    (pair, other), kinds = encoder.sequences(["good", "go"], ["day", "odday"])
    assert kinds is None
    assert encoder.tokenizer.decode(pair.tolist()) == "good\nday"
    assert encoder.tokenizer.decode(other.tolist()) == "go\nodday"
