"""Torch's random numbers, seeded for one piece of work and put back afterwards."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import torch

from bakeoff.core.seeds import derive_seed

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def seeded(seed: int, *parts: str | int) -> Iterator[None]:
    """Seed torch for this block (initial weights, dropout); the state before it comes back after.

    Args:
        seed: Of the fit.
        parts: What the block is, so that no two blocks draw the same numbers.
    """
    devices = range(torch.cuda.device_count()) if torch.cuda.is_available() else ()
    with torch.random.fork_rng(devices):
        torch.manual_seed(derive_seed(seed, *parts))
        yield


def seed_step(device: torch.device, seed: int, *parts: str | int) -> None:
    """Seed torch for one step of training; only inside a `seeded` block, which undoes it.

    A step's dropout then depends on nothing that was drawn before, so that a fit goes on exactly
    after a stop, and a step that is done again draws the same.

    Args:
        device: Where the step runs.
        seed: Of the fit.
        parts: What the step is.
    """
    value = derive_seed(seed, *parts)
    # Not torch.manual_seed: it visits every backend, and takes longer than a small net's step.
    torch.default_generator.manual_seed(value)
    if device.type == "cuda":
        with torch.cuda.device(device):
            torch.cuda.manual_seed(value)


@contextlib.contextmanager
def pinned_threads(threads: int) -> Iterator[None]:
    """Let torch use exactly so many threads in this block.

    Torch keeps the number for each thread apart, so that two that predict at once, as those of a
    server do, neither wait for one another nor overwrite the other's number.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        yield
    finally:
        torch.set_num_threads(before)
