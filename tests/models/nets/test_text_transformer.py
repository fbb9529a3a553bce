from __future__ import annotations

import math

import pytest
import torch

from bakeoff.models.nets.pooling import MeanPooling
from bakeoff.models.nets.text_transformer import (
    SelfAttention,
    TextTransformer,
    TransformerEncoder,
    sinusoids,
)
from bakeoff.training.seeds import seeded

TOKENS = torch.tensor([[5, 6, 7, 8], [9, 10, 0, 0]])
MASK = TOKENS > 0


@pytest.fixture
def net():
    with seeded(0, "weights"):
        encoder = TransformerEncoder(8, 16, layers=3, heads=2, dropout=0.5)
        return TextTransformer(20, 2, encoder, MeanPooling(), dropout=0.5).eval()


def test_attention_is_shares_of_the_words_and_none_of_padding(net):
    with torch.inference_mode():
        shares = net.attention(TOKENS, MASK)
    assert shares.shape == (3, 2, 2, 4, 4)
    torch.testing.assert_close(shares.sum(dim=4), torch.ones(3, 2, 2, 4))
    assert (shares[:, 1, :, :, 2:] == 0).all()
    assert (shares[:, 1, :, :, :2] > 0).all()


def test_the_shares_shown_are_those_that_mix_the_words():
    with seeded(0, "weights"):
        attention, states = SelfAttention(8, 2), torch.randn(2, 4, 8)
    value = attention.entry(states)[..., 16:].view(2, 4, 2, 4).transpose(1, 2)
    mixed = (attention.weights(states, MASK) @ value).transpose(1, 2).flatten(2)
    torch.testing.assert_close(attention(states, MASK), attention.exit(mixed))


def test_the_shares_of_the_last_block_are_taken_from_the_states_that_reach_it(net):
    reached = {}
    net.encoder.blocks[2].register_forward_hook(
        lambda block, given, _: reached.update(shares=block.looks(*given))
    )
    with torch.inference_mode():
        net(TOKENS, MASK)
        torch.testing.assert_close(net.attention(TOKENS, MASK)[2], reached["shares"])


def test_positions_are_waves_from_fast_to_slow():
    waves = sinusoids(50, 6)
    assert waves.shape == (50, 6)
    assert waves[0].tolist() == [0, 1, 0, 1, 0, 1]
    slow = 10_000 ** (-4 / 6)
    expected = torch.tensor([math.sin(7), math.cos(7), math.sin(7 * slow), math.cos(7 * slow)])
    torch.testing.assert_close(waves[7, [0, 1, 4, 5]], expected)
    torch.testing.assert_close(sinusoids(10, 6), waves[:10])
