"""How fast this machine multiplies matrices, and how much of that a training makes use of."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import torch

from bakeoff.training.flops import flops_per_row
from bakeoff.training.seeds import pinned_threads

if TYPE_CHECKING:
    from torch import nn

    from bakeoff.training.rows import Rows

_SIDE = {"cpu": 1024, "cuda": 8192}
_ROUNDS = 5


def matmul_peak(device: torch.device, precision: str, threads: int) -> float:
    """Return the operations a second of the best of some large matrix products.

    A multiply-add counts as two. It takes some 0.2 s.

    Args:
        device: Where.
        precision: ``"fp32"`` or ``"bf16"``.
        threads: Of the CPU.
    """
    side = _SIDE.get(device.type, 1024)
    dtype = torch.bfloat16 if precision == "bf16" else torch.float32
    best = float("inf")
    with pinned_threads(threads), torch.inference_mode():
        matrix = torch.ones(side, side, dtype=dtype, device=device)
        for _ in range(_ROUNDS + 1):
            _wait(device)
            started = time.perf_counter()
            matrix @ matrix
            _wait(device)
            best = min(best, time.perf_counter() - started)
    return 2 * side**3 / best


def flops_of_learning(net: nn.Module, rows: Rows) -> float | None:
    """Return the operations of learning from one row: forward, and back twice as much.

    Counted are the products with weights and those of attention (see `flops.flops_per_row`), each
    once: what is computed again, or could have been spared, is not work done.

    Args:
        net: On the CPU, all of its weights learn; it is in training mode afterwards.
        rows: What it learns from.

    Returns:
        The count, or None where the net does work that the counter cannot see.
    """
    net.requires_grad_(requires_grad=False)  # else the chunked loss computes its gradient too
    try:
        forward = flops_per_row(net, rows)
    finally:
        net.requires_grad_(requires_grad=True)
        net.train()
    return None if forward is None else 3 * forward


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
