"""The encoder with its head, its frozen blocks and its additions."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from bakeoff.core.errors import ContenderError
from bakeoff.models.nets.encoder_head import (
    EncoderHead,
    freeze_lowest,
    set_dropout,
    without_pooler,
)
from bakeoff.training.seeds import seeded


class Blocks(nn.Module):
    def __init__(self):
        super().__init__()
        self.embeddings = nn.Embedding(7, 4)
        self.layer = nn.ModuleList(nn.Linear(4, 4) for _ in range(3))
        self.few = nn.ModuleList([nn.Dropout(0.3)])
        self.norm = nn.LayerNorm(4)
        self.pooler = nn.Linear(4, 4)

    def forward(self, tokens, mask):
        states = self.embeddings(tokens)
        for layer in self.layer:
            states = layer(states)
        return self.norm(states)[:, 0]


@pytest.mark.parametrize("blocks", [0, 1, 2])
def test_the_lowest_blocks_and_what_lies_below_are_frozen(blocks):
    model = Blocks()
    freeze_lowest(model, blocks)
    frozen = {name for name, weight in model.named_parameters() if not weight.requires_grad}
    below = {"embeddings.weight"} if blocks else set()
    assert frozen == below | {f"layer.{i}.{w}" for i in range(blocks) for w in ("weight", "bias")}


@pytest.mark.parametrize("blocks", [3, 9])
def test_freezing_all_blocks_is_refused(blocks):
    with pytest.raises(ContenderError, match="3 blocks"):
        freeze_lowest(Blocks(), blocks)


def test_dropout_is_set_everywhere_and_the_pooler_taken_off():
    model = Blocks()
    set_dropout(model, 0.0)
    without_pooler(model)
    assert model.few[0].p == 0
    assert model.pooler is None
    without_pooler(model)


@pytest.mark.parametrize("training", [True, False])
def test_the_head_computes_in_full_precision_under_autocast(training):
    with seeded(0):
        net = EncoderHead(Blocks(), 4, 3, dropout=0.0).train(training)
    rows = {"tokens": torch.tensor([[1, 2]]), "mask": torch.ones(1, 2, dtype=torch.bool)}
    with torch.autocast("cpu", torch.bfloat16):
        outputs = net(**rows)
    vectors = net.encoder(**rows)
    assert outputs.dtype == torch.float32
    torch.testing.assert_close(outputs, net.head(vectors), atol=1e-3, rtol=0.02)


def test_heads_of_one_seed_are_alike_and_small():
    heads = []
    for seed in (0, 0, 1):
        with seeded(seed):
            heads.append(EncoderHead(nn.Identity(), 100, 5).head)
    assert heads[0].weight.equal(heads[1].weight)
    assert not heads[0].weight.equal(heads[2].weight)
    assert float(heads[0].weight.detach().std()) == pytest.approx(0.02, rel=0.2)
    assert not heads[0].bias.any()
