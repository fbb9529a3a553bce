from __future__ import annotations

import pytest
import torch

from bakeoff.models.nets.pooling import LastPooling
from bakeoff.models.nets.recurrent import Recurrent
from bakeoff.training.seeds import seeded

MASK = torch.tensor([[True] * 5, [True] * 3 + [False] * 2])


@pytest.fixture
def vectors():
    with seeded(0, "vectors"):
        return torch.randn(2, 5, 4)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_the_last_state_is_the_one_that_the_cells_end_with(cell, vectors):
    with seeded(0, "weights"):
        net = Recurrent(cell, 4, 3, layers=1, both=True, dropout=0.0)
    pooled = LastPooling(both=True)(net(vectors, MASK), MASK)
    for row, length in enumerate([5, 3]):
        _, ended = net.cells(vectors[row : row + 1, :length])
        ended = ended[0] if cell == "lstm" else ended
        torch.testing.assert_close(pooled[row], ended[:, 0].flatten())


def test_an_elman_cell_is_a_layer_over_the_last_state_and_a_word(vectors):
    net = Recurrent("rnn", 4, 3, layers=1, both=False, dropout=0.0)
    weight, back, bias, back_bias = net.cells.all_weights[0]
    state = torch.zeros(3)
    states = net(vectors, MASK)[0]
    for word, found in zip(vectors[0], states, strict=True):
        state = torch.tanh(weight @ word + bias + back @ state + back_bias)
        torch.testing.assert_close(found, state)


def test_one_direction_sees_no_later_word_and_both_do(vectors):
    changed = vectors.clone()
    changed[0, 4] += 1
    for both in (False, True):
        with seeded(0, "weights"):
            net = Recurrent("gru", 4, 3, layers=2, both=both, dropout=0.0)
        same = torch.equal(net(vectors, MASK)[0, :4], net(changed, MASK)[0, :4])
        assert same is not both
