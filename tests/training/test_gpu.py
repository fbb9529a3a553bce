"""Training on a GPU: it learns as on the CPU, and goes on where it was stopped."""

import pytest
import torch

from bakeoff.training.loop import Hooks, train
from bakeoff.training.recipe import Recipe

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU here"),
]


class StoppedError(Exception):
    """Stands for a kill."""


@pytest.mark.parametrize("optimiser", ["adamw", "muon", "momentum"])
def test_a_gpu_learns_what_a_cpu_learns(optimiser, surroundings, token_net, tokens):
    recipe = Recipe(epochs=2, batch_rows=8, learning_rate=0.01, optimiser=optimiser)
    learn, valid = tokens(40), tokens(16, seed=1)
    losses = [
        [
            epoch.valid_loss
            for epoch in train(
                token_net(dropout=0.0),
                learn,
                valid,
                recipe,
                surroundings(device, device=device),
                key="k",
                replicas=1,
            ).epochs
        ]
        for device in ("cpu", "cuda")
    ]
    assert losses[0] == pytest.approx(losses[1], abs=0.02 if optimiser == "muon" else 1e-3)


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
@pytest.mark.parametrize("step", [1, 5, 9])
def test_a_fit_stopped_on_a_gpu_goes_on_to_the_same_weights(
    precision, step, surroundings, token_net, tokens
):
    recipe = Recipe(epochs=3, batch_rows=8, learning_rate=0.01, precision=precision)
    learn, valid = tokens(24), tokens(8, seed=1)
    plain = train(
        token_net(), learn, valid, recipe, surroundings("plain", device="cuda"), key="k", replicas=1
    )

    def after_step(done):
        if done == step:
            raise StoppedError

    context = surroundings("stopped", device="cuda")
    hooks = Hooks(checkpoint_every_steps=1, after_step=after_step)
    with pytest.raises(StoppedError):
        train(token_net(), learn, valid, recipe, context, key="k", replicas=1, hooks=hooks)
    resumed = train(token_net(), learn, valid, recipe, context, key="k", replicas=1)
    assert any(f"after step {step}," in line for line in context.lines)
    for one, other in zip(plain.net.parameters(), resumed.net.parameters(), strict=True):
        assert torch.allclose(one, other, atol=1e-4)


def test_memory_that_is_not_enough_is_met_with_smaller_pieces(surroundings):
    from torch import nn

    from bakeoff.training.rows import ArrayRows
    from bakeoff.training.trained import LabelledRows

    class Hungry(nn.Module):
        """Asks for more memory than the GPU has, unless it gets two rows at most."""

        def __init__(self):
            super().__init__()
            self.head = nn.Linear(4, 1)

        def forward(self, features):
            whole = torch.cuda.get_device_properties(features.device).total_memory
            torch.empty(len(features) * whole // 3, dtype=torch.uint8, device=features.device)
            return self.head(features)

    import numpy as np

    learn = LabelledRows(ArrayRows({"features": np.eye(4, dtype=np.float32)}), torch.ones(4))
    context = surroundings(device="cuda")
    trained = train(Hungry(), learn, None, Recipe(epochs=1), context, key="k", replicas=1)
    assert trained.micro_rows in (1, 2)
    assert len(context.notes) == 1
