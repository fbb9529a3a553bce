"""What training changes of a net: taken, hashed, put back."""

import torch
from torch import nn

from bakeoff.training.weights import changing, copied, hash_weights, put_back


def test_frozen_weights_are_left_out_and_buffers_are_not(token_net):
    net = token_net()
    net.hidden.requires_grad_(requires_grad=False)
    names = set(changing(net))
    assert "norm.running_mean" in names
    assert "hidden.weight" not in names


def test_values_come_back(token_net):
    net = token_net()
    kept = copied(changing(net))
    digest = hash_weights(net)
    with torch.no_grad():
        net.head.weight += 1
        net.norm.running_mean += 1
    assert hash_weights(net) != digest
    put_back(net, kept)
    assert hash_weights(net) == digest


def test_frozen_weights_count_in_the_hash(token_net):
    net = token_net().requires_grad_(requires_grad=False)
    digest = hash_weights(net)
    net.head.bias += 1
    assert hash_weights(net) != digest


def test_shared_weights_are_taken_once():
    first, second = nn.Linear(2, 2), nn.Linear(2, 2)
    second.weight = first.weight
    assert len(changing(nn.Sequential(first, second))) == 3
