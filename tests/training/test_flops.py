"""Work of a prediction: equal to what paper and pencil say, or not told at all."""

import numpy as np
import pytest
import torch
from torch import nn

from bakeoff.training.flops import count_parameters, flops_per_row
from bakeoff.training.rows import ArrayRows, TokenRows

LENGTH, SIZE, HIDDEN = 5, 16, 8


class Recurrent(nn.Module):
    def __init__(self, cell):
        super().__init__()
        self.layer = cell(SIZE, HIDDEN, batch_first=True, bidirectional=True)

    def forward(self, sequence):
        return self.layer(sequence)[0][:, -1]


class Attention(nn.Module):
    def forward(self, sequence):
        return nn.functional.scaled_dot_product_attention(sequence, sequence, sequence).sum(dim=1)


class Blind(nn.Module):
    """Its work is done by an operation that no table knows."""

    def forward(self, sequence):
        return torch.conv_tbc(sequence, torch.ones(1, SIZE, 2), torch.zeros(2))


@pytest.fixture
def sequences():
    """Three sequences of ones."""
    return ArrayRows({"sequence": np.ones((3, LENGTH, SIZE), dtype=np.float32)})


@pytest.mark.parametrize(("cell", "gates"), [(nn.RNN, 1), (nn.LSTM, 4), (nn.GRU, 3)])
def test_a_recurrent_layer_counts_its_products_at_each_step_in_both_directions(
    cell, gates, sequences
):
    expected = 2 * 2 * LENGTH * gates * HIDDEN * (SIZE + HIDDEN)
    assert flops_per_row(Recurrent(cell), sequences) == expected


def test_attention_counts_two_products(sequences):
    assert flops_per_row(Attention(), sequences) == 2 * 2 * LENGTH * LENGTH * SIZE


def test_an_encoder_counts_as_much_as_its_layers(sequences):
    layer = nn.TransformerEncoderLayer(SIZE, 2, HIDDEN, batch_first=True)

    class Encoder(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = layer

        def forward(self, sequence):
            return self.layer(sequence)

    products = 4 * SIZE * SIZE + 2 * SIZE * HIDDEN
    expected = 2 * LENGTH * products + 2 * 2 * LENGTH * LENGTH * SIZE
    assert flops_per_row(Encoder(), sequences) == expected


def test_what_the_counter_cannot_see_is_not_counted_as_nothing(sequences):
    assert flops_per_row(Blind(), sequences) is None


def test_rows_of_usual_length_are_counted():
    class PerToken(nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding, self.layer = nn.Embedding(9, 4), nn.Linear(4, 3)

        def forward(self, tokens, mask):
            return self.layer(self.embedding(tokens)).sum(dim=1)

    lengths = [1] * 4 + [6] * 12 + [200] * 4
    rows = TokenRows([np.ones(length, dtype=np.int32) for length in lengths])
    assert flops_per_row(PerToken(), rows) == 2 * 6 * 4 * 3
    assert flops_per_row(PerToken(), TokenRows([])) is None


def test_shared_weights_count_once_and_frozen_ones_do_not_learn():
    first, second = nn.Linear(3, 3), nn.Linear(3, 3, bias=False)
    second.weight = first.weight
    first.bias.requires_grad_(False)
    net = nn.Sequential(first, second)
    assert count_parameters(net) == 12
    assert count_parameters(net, learning=True) == 9
