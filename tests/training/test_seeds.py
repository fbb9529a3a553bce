"""Torch's random numbers: seeded for a block, put back after it."""

import threading

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


def test_threads_that_work_at_once_keep_their_own_number():
    before = torch.get_num_threads()
    meet = threading.Barrier(2, timeout=20)
    found = {}

    def work(number):
        with pinned_threads(number):
            meet.wait()
            inside = torch.get_num_threads()
            meet.wait()
            if number == 1:  # the other one's block ends first
                leaves.wait(20)
            found[number] = (inside, torch.get_num_threads())
        leaves.set()

    leaves = threading.Event()
    workers = [threading.Thread(target=work, args=(number,)) for number in (1, before + 2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert found == {number: (number, number) for number in (1, before + 2)}
    assert torch.get_num_threads() == before
