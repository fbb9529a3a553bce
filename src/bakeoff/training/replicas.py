"""The same fit in several processes, each with its share of every batch; here: in one alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import torch


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
