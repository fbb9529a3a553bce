"""What the processes that make one fit together tell each other; one alone has nothing to tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import distributed


class Replica(Protocol):
    """One of the processes that make a fit together; all call the same methods in turn."""

    @property
    def rank(self) -> int:
        """From 0; the first one validates and writes."""

    @property
    def size(self) -> int:
        """How many there are."""

    def add_up(self, tensors: list[torch.Tensor]) -> None:
        """Replace each tensor by its sum over all replicas."""

    def any(self, flag: bool) -> bool:
        """Return whether any replica says so."""

    def first(self, value: float) -> float:
        """Return the first replica's value."""


class Alone:
    """A fit in one process."""

    rank = 0
    size = 1

    def add_up(self, tensors: list[torch.Tensor]) -> None:
        """Leave the tensors as they are."""

    def any(self, flag: bool) -> bool:
        """Return the flag."""
        return flag

    def first(self, value: float) -> float:
        """Return the value."""
        return value


@dataclass(slots=True)
class Group:
    """One of several processes, which have met through `torch.distributed`.

    Args:
        rank: From 0.
        size: How many there are.
        device: This one's.
    """

    rank: int
    size: int
    device: torch.device

    def add_up(self, tensors: list[torch.Tensor]) -> None:
        """Replace each tensor by its sum over all processes."""
        flat = torch.cat([tensor.reshape(-1) for tensor in tensors])
        distributed.all_reduce(flat)
        parts = torch.split(flat, [tensor.numel() for tensor in tensors])
        for tensor, found in zip(tensors, parts, strict=True):
            tensor.copy_(found.view_as(tensor))

    def any(self, flag: bool) -> bool:
        """Return whether any process says so."""
        found = torch.tensor(float(flag), device=self.device)
        distributed.all_reduce(found, distributed.ReduceOp.MAX)
        return bool(found)

    def first(self, value: float) -> float:
        """Return the first process's value."""
        found = torch.tensor(value, dtype=torch.float64, device=self.device)
        distributed.broadcast(found, src=0)
        return float(found)
