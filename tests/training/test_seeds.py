"""Torch's random numbers: seeded for a block, put back after it."""

import torch

from bakeoff.training.seeds import pinned_threads, seed_step, seeded


def test_a_block_draws_the_same_numbers_and_leaves_no_trace():
    before = torch.random.get_rng_state()
    draws = []
    for _ in range(2):
        with seeded(1, "block"):
            draws.append(torch.rand(3))
    with seeded(1, "other"):
        assert not torch.equal(torch.rand(3), draws[0])
    assert torch.equal(*draws)
    assert torch.equal(torch.random.get_rng_state(), before)


def test_a_step_draws_the_same_whatever_was_drawn_before():
    found = []
    with seeded(0, "training"):
        for drawn in (0, 5):
            torch.rand(drawn)
            seed_step(torch.device("cpu"), 0, "step", 3)
            found.append(torch.rand(3))
    assert torch.equal(*found)


def test_threads_come_back():
    before = torch.get_num_threads()
    with pinned_threads(before + 1):
        assert torch.get_num_threads() == before + 1
    assert torch.get_num_threads() == before
