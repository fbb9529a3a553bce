"""The work of learning is counted once, head and attention included."""

import numpy as np
import torch
from transformers import GPT2Config, GPT2LMHeadModel

from bakeoff.models.pretraining.nets import CausalNet
from bakeoff.training.packed_rows import CausalRows
from bakeoff.training.peak import flops_of_learning, matmul_peak


def test_learning_counts_three_times_the_products_of_one_pass():
    length, width, vocabulary = 8, 16, 40
    config = GPT2Config(
        vocab_size=vocabulary, n_positions=length, n_embd=width, n_layer=1, n_head=1
    )
    net = CausalNet(GPT2LMHeadModel(config))
    rows = CausalRows(np.arange(17) % vocabulary, length)
    weights = 12 * width**2 + vocabulary * width
    attention = 2 * length * width
    assert flops_of_learning(net, rows) == 3 * 2 * length * (weights + attention)
    assert net.training
    assert all(weight.requires_grad for weight in net.parameters())


def test_a_peak_is_some_operations_a_second():
    assert matmul_peak(torch.device("cpu"), "fp32", 1) > 1e6
