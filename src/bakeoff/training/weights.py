"""The part of a net that training changes: weights that learn, and buffers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from bakeoff.core.hashing import hash_parts

if TYPE_CHECKING:
    from torch import nn

    Weights = dict[str, torch.Tensor]


def changing(net: nn.Module) -> Weights:
    """Return the tensors themselves, by name; frozen weights, which stay, are left out."""
    learned = {name: weight for name, weight in net.named_parameters() if weight.requires_grad}
    return {**learned, **dict(net.named_buffers())}


def copied(weights: Weights) -> Weights:
    """Return copies on the same device."""
    return {name: tensor.detach().clone() for name, tensor in weights.items()}


def put_back(net: nn.Module, weights: Weights) -> None:
    """Write values from `copied` into the net.

    Raises:
        KeyError: The net has a weight that is not among them.
        RuntimeError: A weight has another shape.
    """
    with torch.no_grad():
        for name, tensor in changing(net).items():
            tensor.copy_(weights[name])


def hash_weights(net: nn.Module) -> str:
    """Return the SHA-256 of all weights and buffers, frozen ones too, with their names."""
    parts: list[bytes | str] = []
    for name, tensor in [*net.named_parameters(), *net.named_buffers()]:
        flat = tensor.detach().cpu().contiguous().reshape(-1).view(torch.uint8)
        parts += [f"{name} {tensor.dtype} {tuple(tensor.shape)}", flat.numpy().tobytes()]
    return hash_parts(parts)
