"""Optimisers by name: who is spared from decay, who learns faster, what a checkpoint holds."""

import pytest
import torch
from torch import nn

from bakeoff.training.optimisers import make_optimiser, parameter_groups
from bakeoff.training.recipe import OPTIMISERS, Recipe


class Zoo(nn.Module):
    """One weight of every kind."""

    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(5, 4)
        self.position_vectors = nn.Parameter(torch.ones(1, 3, 4))
        self.convolution = nn.Conv1d(4, 4, 3)
        self.norm = nn.LayerNorm(4)
        self.layer = nn.Linear(4, 4)
        self.frozen = nn.Linear(4, 4).requires_grad_(requires_grad=False)
        self.head = nn.Linear(4, 2)

    def forward(self):
        states = self.norm(self.layer(self.words.weight)) + self.position_vectors.sum(dim=1)
        found = self.convolution(states.T[None]).mean(dim=2)
        return self.head(self.frozen(found)).square().sum()


@pytest.fixture
def zoo():
    torch_state = torch.random.get_rng_state()
    yield Zoo()
    torch.random.set_rng_state(torch_state)


def names(net, groups):
    by_id = {id(weight): name for name, weight in net.named_parameters()}
    return [{by_id[id(weight)] for weight in group["params"]} for group in groups]


def test_biases_norms_and_embeddings_do_not_decay_and_frozen_weights_do_not_learn(zoo):
    groups = parameter_groups(zoo, Recipe(weight_decay=0.1))
    decay = {
        name: group["weight_decay"]
        for group, each in zip(groups, names(zoo, groups), strict=True)
        for name in each
    }
    assert {name for name, value in decay.items() if value} == {
        "convolution.weight",
        "layer.weight",
        "head.weight",
    }
    assert not any(name.startswith("frozen") for name in decay)
    assert len(decay) == sum(weight.requires_grad for weight in zoo.parameters())


def test_the_head_learns_faster_if_asked(zoo):
    groups = parameter_groups(zoo, Recipe(learning_rate=0.1, head_rate_factor=5))
    rates = {
        name: group["lr"]
        for group, each in zip(groups, names(zoo, groups), strict=True)
        for name in each
    }
    assert rates.pop("head.weight") == rates.pop("head.bias") == 0.5
    assert set(rates.values()) == {0.1}


@pytest.mark.parametrize("decay", [0.0, 0.1])
def test_muon_has_the_matrices_and_adamw_the_rest(zoo, decay):
    muon, adamw = make_optimiser(zoo, Recipe(optimiser="muon", weight_decay=decay)).parts
    assert names(zoo, muon.param_groups) == [{"layer.weight"}]
    rest = set().union(*names(zoo, adamw.param_groups))
    assert {"words.weight", "convolution.weight", "head.weight", "layer.bias"} <= rest


def learn(net, optimiser, steps):
    for _ in range(steps):
        net().backward()
        optimiser.step(0.5)
        optimiser.clear()


@pytest.mark.parametrize("name", OPTIMISERS)
def test_the_state_that_was_taken_goes_on_as_the_one_it_was_taken_from(zoo, name):
    recipe = Recipe(optimiser=name, learning_rate=0.05)
    first = make_optimiser(zoo, recipe)
    learn(zoo, first, 3)
    middle = {key: tensor.clone() for key, tensor in zoo.state_dict().items()}
    tensors, plain = first.state()
    tensors = {key: tensor.clone() for key, tensor in tensors.items()}
    learn(zoo, first, 3)
    expected = {key: tensor.clone() for key, tensor in zoo.state_dict().items()}
    assert any(not torch.equal(middle[key], expected[key]) for key in middle)
    zoo.load_state_dict(middle)
    second = make_optimiser(zoo, recipe)
    second.restore(tensors, plain)
    learn(zoo, second, 3)
    assert all(torch.equal(tensor, expected[key]) for key, tensor in zoo.state_dict().items())


def test_a_step_is_scaled_by_its_share_of_the_rate(number_net):
    net = number_net()
    optimiser = make_optimiser(net, Recipe(optimiser="sgd", learning_rate=1.0, weight_decay=0.0))
    before = net.head.bias.item()
    net(torch.zeros(1, 4)).sum().backward()
    optimiser.step(0.25)
    assert net.head.bias.item() == pytest.approx(before - 0.25)
