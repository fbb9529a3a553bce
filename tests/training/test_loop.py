"""The door to training: the same in every process, quick to open, honest about what happened."""

import subprocess
import sys

import pytest

from bakeoff.core.errors import UserError
from bakeoff.training.loop import train
from bakeoff.training.recipe import Recipe
from bakeoff.training.weights import hash_weights

SCRIPT = """
import pathlib, sys, types
import numpy as np, torch
from bakeoff.contenders.nets.text_cnn import TextCnn
from bakeoff.training.flops import flops_per_row
from bakeoff.training.loop import LabelledRows, train
from bakeoff.training.recipe import Recipe
from bakeoff.training.rows import TokenRows
from bakeoff.training.seeds import seeded
from bakeoff.training.weights import hash_weights

draw = np.random.default_rng(0)
rows = TokenRows([draw.integers(2, 50, 1 + i % 7).astype(np.int32) for i in range(40)])
learn = LabelledRows(rows, torch.arange(40) % 2)
context = types.SimpleNamespace(
    seed=3, device="cpu", threads=1, scratch=pathlib.Path(sys.argv[1]), log=print, note=print
)
with seeded(3, "weights"):
    net = TextCnn(size=16).word_net(50, 2)
torch.rand(int(sys.argv[2]))
for optimiser in ("adamw", "muon"):
    recipe = Recipe(epochs=2, optimiser=optimiser, augment="swap=0.2")
    train(net, learn, learn, recipe, context, key="k")
assert flops_per_row(net, rows) > 0
assert "torch._dynamo" not in sys.modules, "torch's compiler was imported: a second a process"
print(hash_weights(net))
"""


def test_two_processes_come_to_the_same_bits_and_leave_torchs_compiler_asleep(tmp_path):
    found = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT, str(tmp_path), drawn],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for drawn in ("0", "5")
    ]
    assert found[0] == found[1]


def test_a_net_learns_what_is_in_the_rows(surroundings, token_net, tokens):
    recipe = Recipe(epochs=12, learning_rate=0.03, batch_rows=16, patience=12)
    context = surroundings()
    trained = train(token_net(), tokens(160), tokens(40, seed=1), recipe, context, key="k")
    losses = [epoch.valid_loss for epoch in trained.epochs]
    assert min(losses) < 0.3 < 0.8 < losses[0]
    assert trained.best_epoch == losses.index(min(losses))
    assert not trained.net.training
    assert (trained.retries, trained.micro_rows, trained.precision) == (0, 0, "fp32")
    assert trained.steps == 12 * 10
    assert context.notes == []
    assert len(context.lines) == 12


def test_another_seed_gives_other_weights(surroundings, token_net, tokens):
    recipe = Recipe(epochs=1)
    digests = {
        hash_weights(
            train(token_net(), tokens(), None, recipe, surroundings(seed=seed), key="k").net
        )
        for seed in (0, 0, 1)
    }
    assert len(digests) == 2


def test_a_gpu_that_is_not_there_is_refused_before_anything_is_done(
    surroundings, token_net, tokens, monkeypatch
):
    import torch

    monkeypatch.setattr(torch.cuda, "device_count", lambda: 0)
    with pytest.raises(UserError, match="'cuda' was asked for"):
        train(token_net(), tokens(), None, Recipe(), surroundings(device="cuda"), key="k")
