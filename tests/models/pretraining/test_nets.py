"""Our nets' losses are those of transformers' own models on the same rows."""

import pytest
import torch
from transformers import (
    BertConfig,
    BertForMaskedLM,
    BertForPreTraining,
    GPT2Config,
    GPT2LMHeadModel,
)

from bakeoff.models.pretraining.masking import mask_tokens
from bakeoff.models.pretraining.nets import CausalNet, MaskedNet
from bakeoff.training.seeds import seeded

LENGTH, VOCABULARY, MASK = 24, 60, 4


@pytest.fixture
def tokens():
    drawn = torch.randint(5, VOCABULARY, (5, LENGTH), generator=torch.Generator().manual_seed(0))
    drawn[:, 0], drawn[:, -1] = 2, 3
    return drawn


def _bert(kind):
    config = BertConfig(
        vocab_size=VOCABULARY,
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=LENGTH,
    )
    with seeded(0, "bert"):
        return kind(config).eval()


def test_the_causal_loss_is_that_of_gpt2(tokens):
    config = GPT2Config(vocab_size=VOCABULARY, n_positions=LENGTH, n_embd=32, n_layer=1, n_head=2)
    with seeded(0, "gpt"):
        model = GPT2LMHeadModel(config).eval()
    expected = model(input_ids=tokens, labels=tokens).loss
    torch.testing.assert_close(CausalNet(model)(tokens) / len(tokens), expected)


def test_a_causal_net_does_not_see_what_comes(tokens):
    config = GPT2Config(vocab_size=VOCABULARY, n_positions=LENGTH, n_embd=32, n_layer=1, n_head=2)
    with seeded(0, "gpt"):
        model = GPT2LMHeadModel(config).eval()
    changed = tokens.clone()
    changed[:, 10:] = 7
    states, others = (model.base_model(input_ids=t).last_hidden_state for t in (tokens, changed))
    torch.testing.assert_close(states[:, :10], others[:, :10])


@pytest.mark.parametrize("pairs", [False, True])
def test_the_masked_loss_is_that_of_bert(tokens, pairs):
    model = _bert(BertForPreTraining if pairs else BertForMaskedLM)
    net = MaskedNet(model, mask=MASK, special=(2, 3))
    draws = torch.rand(5, 3, LENGTH, generator=torch.Generator().manual_seed(1))
    more, same = {}, {}
    if pairs:
        kinds = (torch.arange(LENGTH)[None] > 9).long().expand(5, -1)
        strangers = torch.tensor([0, 1, 1, 0, 1])
        more = {"kinds": kinds, "strangers": strangers}
        same = {"token_type_ids": kinds, "next_sentence_label": strangers}
    masked = mask_tokens(tokens, draws, mask=MASK, vocabulary=VOCABULARY, special=(2, 3))
    labels = torch.full_like(tokens, -100).scatter(1, masked.positions, masked.labels)
    expected = model(input_ids=masked.inputs, labels=labels, **same).loss
    torch.testing.assert_close(net(tokens, draws, **more) / 5, expected)


def test_without_draws_each_call_masks_anew(tokens):
    net = MaskedNet(_bert(BertForMaskedLM), mask=MASK, special=(2, 3))
    with seeded(0, "masks"):
        assert net(tokens) != net(tokens)
