"""Several processes make the fit that one alone would make."""

import dataclasses

import pytest
import torch

from bakeoff.contenders.nets.text_cnn import TextCnn
from bakeoff.core.errors import ContenderError
from bakeoff.training.distributed import count_replicas
from bakeoff.training.loop import train
from bakeoff.training.recipe import Recipe
from bakeoff.training.seeds import seeded

RECIPE = Recipe(epochs=3, batch_rows=8, learning_rate=0.01, augment="swap=0.3")


def net():
    with seeded(0, "weights"):
        return TextCnn(size=8, filters=4, dropout=0.0).word_net(30, 3)


def test_all_gpus_are_used_unless_one_is_named(monkeypatch):
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 4)
    assert count_replicas(torch.device("cuda"), [net()], None) == 4
    assert count_replicas(torch.device("cuda:1"), [net()], None) == 1
    assert count_replicas(torch.device("cpu"), [net()], None) == 1
    assert count_replicas(torch.device("cpu"), [net()], 2) == 2


def test_what_a_script_defines_in_itself_stays_in_one_process(monkeypatch):
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 4)
    scripted = type("Net", (torch.nn.Module,), {"__module__": "__main__"})()
    assert count_replicas(torch.device("cuda"), [scripted], None) == 1


@pytest.mark.slow
def test_two_processes_have_the_losses_of_one(surroundings, tokens):
    # 41 rows: one batch of a single row leaves the second process without any.
    learn, valid = tokens(41), tokens(16, seed=1)
    alone = train(net(), learn, valid, RECIPE, surroundings("alone"), key="k")
    context = surroundings("two")
    two = train(net(), learn, valid, RECIPE, context, key="k", replicas=2)
    for one, other in zip(alone.epochs, two.epochs, strict=True):
        assert other.train_loss == pytest.approx(one.train_loss, abs=1e-5)
        assert other.valid_loss == pytest.approx(one.valid_loss, abs=1e-5)
    assert dataclasses.replace(two, net=None, epochs=()) == dataclasses.replace(
        alone, net=None, epochs=()
    )
    for one, other in zip(alone.net.parameters(), two.net.parameters(), strict=True):
        assert torch.allclose(one, other, atol=1e-4)
    assert not list(context.scratch.iterdir())


@pytest.mark.slow
def test_a_fit_that_diverges_in_all_processes_is_one_error(surroundings, tokens):
    recipe = Recipe(epochs=30, optimiser="sgd", learning_rate=1e30, clip=0.0)
    with pytest.raises(ContenderError, match="the fit diverged twice"):
        train(net(), tokens(40), tokens(8), recipe, surroundings(), key="k", replicas=2)
