"""A step's gradient: the whole batch's, whatever pieces it is computed in."""

import numpy as np
import pytest
import torch

from bakeoff.core.errors import ContenderError
from bakeoff.training.augment import make_augmenter
from bakeoff.training.loop import train
from bakeoff.training.losses import Loss
from bakeoff.training.recipe import Recipe
from bakeoff.training.replicas import Alone
from bakeoff.training.seeds import seeded
from bakeoff.training.step import StepName, Stepper

NAME = StepName(seed=0, attempt=0, epoch=0, step=0)
BATCHES = [np.arange(20), np.arange(20, 32)]


class Narrow(torch.nn.Module):
    """A net that has memory for so many rows, and no more."""

    def __init__(self, net, most, says):
        super().__init__()
        self.net, self.most, self.says = net, most, says

    def forward(self, **batch):
        if len(batch["tokens"]) > self.most:
            raise self.says
        return self.net(**batch)


@pytest.fixture
def make_stepper(token_net, tokens):
    """Return a function that makes a stepper over 40 rows, without dropout."""

    def make(recipe=Recipe(), most=999, micro_rows=0, says=None):  # noqa: B008 - frozen
        inner = token_net(dropout=0.0, batch_norm=False)
        net = Narrow(inner, most, says or torch.OutOfMemoryError("CUDA out of memory"))
        learn = tokens(40)
        return Stepper(
            net=net.train(),
            weights=list(net.parameters()),
            learn=learn,
            loss=Loss.of(recipe, learn.targets, None),
            augmenter=make_augmenter(recipe.augment, learn.rows),
            device=torch.device("cpu"),
            precision="fp32",
            replica=Alone(),
            log=lambda line: None,
            micro_rows=micro_rows,
        )

    return make


def gradient(stepper):
    with seeded(0, "training"):
        total, weight = stepper.gradients(BATCHES, NAME)
    grads = [each.grad.flatten() for each in stepper.weights if each.grad is not None]
    return torch.cat([total.reshape(1) / weight, *grads])


RECIPES = {
    "plain": Recipe(),
    "weighted": Recipe(class_weights="balanced", label_smoothing=0.1),
    "augmented": Recipe(augment="token-dropout=0.4,swap=0.2"),
}


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
@pytest.mark.parametrize("rows", [1, 3, 7, 19])
def test_pieces_give_the_gradient_of_the_whole_batch(recipe, rows, make_stepper):
    whole = gradient(make_stepper(recipe))
    pieces = gradient(make_stepper(recipe, micro_rows=rows))
    assert torch.allclose(whole, pieces, atol=1e-6)


@pytest.mark.parametrize(
    "says",
    [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"),
        RuntimeError(
            "[enforce fail at alloc_cpu.cpp:119] DefaultCPUAllocator: can't allocate memory"
        ),
        RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 8 bytes."),
        MemoryError(),
    ],
)
def test_out_of_memory_halves_the_rows_and_keeps_the_gradient(says, make_stepper):
    stepper = make_stepper(most=6, says=says)
    assert torch.allclose(gradient(make_stepper()), gradient(stepper), atol=1e-6)
    assert stepper.micro_rows == 5


def test_a_row_that_does_not_fit_alone_is_an_error_that_says_what_to_do(make_stepper):
    with pytest.raises(ContenderError, match=r"even one row at a time .* take a smaller net"):
        gradient(make_stepper(most=0))


def test_another_error_is_not_taken_for_a_lack_of_memory(make_stepper):
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):
        gradient(make_stepper(most=0, says=RuntimeError("shapes cannot be multiplied")))


def test_a_fit_short_of_memory_learns_the_same_and_says_so_once(surroundings, token_net, tokens):
    def fit(name, most):
        inner = token_net(dropout=0.0, batch_norm=False)
        net = Narrow(inner, most, torch.OutOfMemoryError("CUDA out of memory"))
        context = surroundings(name)
        recipe = Recipe(epochs=2, batch_rows=16)
        trained = train(net, tokens(40), tokens(20, seed=1), recipe, context, key="k")
        return trained, context.notes, net.net.head.weight

    plenty, no_notes, expected = fit("plenty", 999)
    short, notes, found = fit("short", 3)
    assert (plenty.micro_rows, short.micro_rows) == (0, 2)
    assert no_notes == []
    assert notes == [
        "memory ran out: batches were computed 2 rows at a time, each step still from a whole batch"
    ]
    assert torch.allclose(found, expected, atol=1e-5)
    assert [e.valid_loss for e in short.epochs] == pytest.approx(
        [e.valid_loss for e in plenty.epochs], abs=1e-5
    )
