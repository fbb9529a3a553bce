"""Outputs and the validation loss: of the row alone, whatever stands beside it."""

import numpy as np
import pytest
import torch

from bakeoff.training.losses import Loss
from bakeoff.training.outputs import mean_loss, net_outputs
from bakeoff.training.recipe import Recipe
from bakeoff.training.rows import TokenRows

CPU = torch.device("cpu")


def test_a_row_has_the_same_outputs_whoever_its_neighbours_are(token_net, tokens):
    net, rows = token_net().eval(), tokens(40).rows
    together = net_outputs(net, rows, width=3, device="cpu")
    assert together.dtype == np.float32
    chosen = [7, 3, 31]
    some = TokenRows([rows.sequences[i] for i in chosen])
    apart = net_outputs(net, some, width=3, device="cpu")
    # Not to the last bit: one row's product is computed by another kernel than many rows'.
    assert np.allclose(together[chosen], apart, atol=1e-6)


def test_no_rows_have_no_outputs(token_net):
    assert net_outputs(token_net().eval(), TokenRows([]), width=3, device="cpu").shape == (0, 3)


def test_rows_are_predicted_in_pieces_where_memory_is_short(token_net, tokens):
    class Narrow(torch.nn.Module):
        def __init__(self, net):
            super().__init__()
            self.net = net

        def forward(self, tokens, mask):
            if len(tokens) > 2:
                raise torch.OutOfMemoryError("CUDA out of memory")
            return self.net(tokens, mask)

    net, rows = token_net().eval(), tokens(40).rows
    expected = net_outputs(net, rows, width=3, device="cpu")
    found = net_outputs(Narrow(net), rows, width=3, device="cpu")
    assert np.allclose(found, expected, atol=1e-6)


@pytest.mark.parametrize("weights", ["none", "balanced"])
def test_the_validation_loss_is_the_loss_of_all_rows_together(token_net, tokens, weights):
    net, valid = token_net(), tokens(40)
    loss = Loss.of(Recipe(class_weights=weights), valid.targets, None)
    found = mean_loss(net, valid, loss, CPU, "fp32")
    assert not net.training
    outputs = net(**valid.rows.batch(np.arange(40)))
    expected = loss.sum(outputs, valid.targets) / loss.weight(valid.targets)
    assert found == pytest.approx(expected.item(), abs=1e-6)
