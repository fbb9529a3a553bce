"""A fit: it learns, repeats itself, goes on exactly where it was stopped, and tries once more."""

import dataclasses

import pytest
import torch

from bakeoff.training.loop import Hooks, train
from bakeoff.training.recipe import Recipe

RECIPE = Recipe(epochs=3, batch_rows=8, learning_rate=0.01)


class StoppedError(Exception):
    """Stands for a kill."""


def stop_after(step):
    def after_step(done):
        if done == step:
            raise StoppedError

    return after_step


def outcome(trained):
    """Return all that must be the same, bit for bit."""
    weights = {name: tensor.clone() for name, tensor in trained.net.state_dict().items()}
    return weights, dataclasses.replace(trained, net=None)


def assert_same(first, second):
    assert first[1] == second[1]
    for name, tensor in first[0].items():
        assert torch.equal(tensor, second[0][name]), name


VARIANTS = {
    "dropout": RECIPE,
    "muon": dataclasses.replace(RECIPE, optimiser="muon"),
    "momentum": dataclasses.replace(RECIPE, optimiser="momentum"),
    "gradient descent": dataclasses.replace(RECIPE, optimiser="gradient-descent"),
    "augmented": dataclasses.replace(RECIPE, augment="token-dropout=0.3,swap=0.3"),
    "weighted": dataclasses.replace(RECIPE, class_weights="balanced", label_smoothing=0.1),
    "bf16": dataclasses.replace(RECIPE, precision="bf16"),
    "stops early": dataclasses.replace(RECIPE, epochs=6, patience=1, learning_rate=0.3),
}


@pytest.mark.parametrize("recipe", VARIANTS.values(), ids=VARIANTS)
def test_a_fit_stopped_at_any_step_goes_on_to_the_same_bits(
    recipe, surroundings, token_net, tokens
):
    learn, valid = tokens(24), tokens(8, seed=1)
    plain = train(token_net(), learn, valid, recipe, surroundings("plain"), key="k")
    expected = outcome(plain)
    for step in range(1, plain.steps + 1):
        context = surroundings(f"stopped-{step}")
        hooks = Hooks(checkpoint_every_steps=1, after_step=stop_after(step))
        with pytest.raises(StoppedError):
            train(token_net(), learn, valid, recipe, context, key="k", hooks=hooks)
        resumed = train(token_net(), learn, valid, recipe, context, key="k")
        assert any(f"after step {step}," in line for line in context.lines)
        assert_same(expected, outcome(resumed))
        assert not list(context.scratch.iterdir())
