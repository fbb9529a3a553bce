"""What every net for text keeps: neither padding nor neighbours change a row's outputs."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from bakeoff.models.nets.pooling import make_pooling
from bakeoff.models.nets.recurrent import Recurrent
from bakeoff.models.nets.text_cnn import Convolutions
from bakeoff.models.nets.text_transformer import TransformerEncoder
from bakeoff.models.nets.word_net import WordNet
from bakeoff.models.vocabulary import LEFT_OUT
from bakeoff.training.seeds import seeded

N_TOKENS, WIDTH, SIZE = 50, 3, 8
LENGTHS = [7, 1, 4, 2, 7]
ENCODERS = {
    "convolutions": lambda: Convolutions(SIZE, filters=5),
    "transformer": lambda: TransformerEncoder(SIZE, 16, layers=2, heads=2, dropout=0.3),
    **{
        f"{cell}-{'both' if both else 'one'}": (
            lambda cell=cell, both=both: Recurrent(cell, SIZE, 6, layers=2, both=both, dropout=0.3)
        )
        for cell in ("rnn", "lstm", "gru")
        for both in (True, False)
    },
}
CASES = [
    (encoder, pooling)
    for encoder in ENCODERS
    for pooling in ("mean", "max", "attention", "last")
    if pooling != "last" or encoder not in ("convolutions", "transformer")
]


def make_net(encoder, pooling):
    with seeded(0, "weights"):
        made = ENCODERS[encoder]()
        pooled = make_pooling(pooling, made.out, both=encoder.endswith("both"))
        return WordNet(N_TOKENS, WIDTH, made, pooled, dropout=0.5).eval()


@pytest.fixture
def batch():
    """Return tokens and mask of rows of several lengths; what stands in the padding is no zero."""
    tokens = torch.arange(1, 1 + len(LENGTHS) * 7).view(len(LENGTHS), 7)
    mask = torch.arange(7)[None] < torch.tensor(LENGTHS)[:, None]
    pieces = tokens[..., None] * torch.tensor([1, 3, 0])
    return tokens, mask, pieces


@pytest.mark.parametrize(("encoder", "pooling"), CASES)
def test_padding_and_neighbours_change_nothing(encoder, pooling, batch):
    net, (_, mask, _) = make_net(encoder, pooling), batch
    with torch.inference_mode():
        together = net(*batch)
        alone = [
            net(*(item[row : row + 1, :length] for item in batch))
            for row, length in enumerate(LENGTHS)
        ]
        tokens, pieces = torch.where(mask, batch[0], 9), batch[2] * mask[..., None]
        other = net(tokens, mask, pieces)
    assert together.shape == (len(LENGTHS), WIDTH)
    torch.testing.assert_close(together, torch.cat(alone), rtol=0, atol=1e-5)
    torch.testing.assert_close(together, other, rtol=0, atol=1e-6)


@pytest.mark.parametrize(("encoder", "pooling"), CASES)
def test_every_word_that_counts_and_every_weight_gets_a_gradient(encoder, pooling, batch):
    net, (tokens, mask, _) = make_net(encoder, pooling), batch
    outputs = net(*batch)
    nn.functional.cross_entropy(outputs, torch.tensor([0, 1, 2, 0, 1])).backward()
    for name, weight in net.named_parameters():
        assert weight.grad is not None, name
        assert torch.isfinite(weight.grad).all(), name
        assert weight.grad.abs().sum() > 0, name
    moved = net.embedding.weight.grad.abs().sum(dim=1) > 0
    assert not moved[tokens[~mask]].any()


def test_the_order_of_words_counts_for_all_but_a_mean_of_words(batch):
    tokens, mask, _ = batch
    for encoder in ENCODERS:
        net = make_net(encoder, "mean")
        with torch.inference_mode():
            there, back = net(tokens[:1], mask[:1]), net(tokens[:1].flip(1), mask[:1])
        assert (there - back).abs().max() > 1e-4, encoder


def test_pieces_are_added_to_a_word_and_not_to_one_that_is_left_out():
    net = make_net("convolutions", "max")
    tokens, pieces = torch.tensor([[9, 9, LEFT_OUT]]), torch.tensor([[[3, 5, 0], [0] * 3, [3] * 3]])
    whole, with_pieces = net.vectors(tokens), net.vectors(tokens, pieces)
    own = net.pieces.weight
    torch.testing.assert_close(with_pieces[0, 0], whole[0, 0] + (own[3] + own[5]) / 2**0.5)
    torch.testing.assert_close(with_pieces[0, 1:], whole[0, 1:])
