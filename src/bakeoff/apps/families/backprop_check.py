"""The net of `backprop` trained twice: by its own four steps, and by torch's autograd."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional

from bakeoff.apps.families import backprop
from bakeoff.core.seeds import generator

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NAMES = tuple(field.name for field in fields(backprop.Weights))


@dataclass(frozen=True, slots=True)
class BackpropCheck:
    """Both ways side by side.

    Args:
        losses: Loss before each step, by the four steps.
        autograd_losses: The same by autograd.
        differences: Weights by name -> the largest difference between the two gradients, over all
            numbers and all steps.
        norms: Weights by name -> length of the gradient at the first step.
        accuracy: Share of the rows that the trained net has right.
        rows: Rows learned from.
        hidden: Width of the first layer.
    """

    losses: tuple[float, ...]
    autograd_losses: tuple[float, ...]
    differences: dict[str, float]
    norms: dict[str, float]
    accuracy: float
    rows: int
    hidden: int

    @property
    def largest_difference(self) -> float:
        """Of all gradients."""
        return max(self.differences.values())


def check(
    *, steps: int = 200, n_hidden: int = 16, learning_rate: float = 1.0, seed: int = 0
) -> BackpropCheck:
    """Train on two spirals and compare every gradient with autograd's, in float64."""
    x, codes = spirals(100, seed=seed)
    y = np.eye(2)[codes]
    mine = backprop.initial_weights(2, n_hidden, 2, seed=seed)
    theirs = {name: torch.tensor(getattr(mine, name), requires_grad=True) for name in _NAMES}
    losses, autograd_losses = [], []
    differences, norms = dict.fromkeys(_NAMES, 0.0), {}
    for step in range(steps):
        passed = backprop.forward(mine, x)
        gradients = backprop.backward(mine, passed, backprop.output_error(passed, y))
        losses.append(backprop.loss(passed, y))
        autograd_losses.append(_autograd(theirs, x, codes))
        for name in _NAMES:
            ours, other = getattr(gradients, name), _gradient(theirs[name])
            differences[name] = max(differences[name], float(np.abs(ours - other).max()))
            if step == 0:
                norms[name] = float(np.linalg.norm(ours))
        mine = backprop.update(mine, gradients, learning_rate)
        with torch.no_grad():
            for weight in theirs.values():
                weight -= learning_rate * torch.from_numpy(_gradient(weight))
    right = backprop.forward(mine, x).a2.argmax(axis=1) == codes
    return BackpropCheck(
        tuple(losses),
        tuple(autograd_losses),
        differences,
        norms,
        float(right.mean()),
        len(x),
        n_hidden,
    )


def _autograd(
    weights: dict[str, torch.Tensor], x: NDArray[np.float64], codes: NDArray[np.int64]
) -> float:
    """Leave the gradients in ``weights`` and return the loss."""
    for weight in weights.values():
        weight.grad = None
    hidden = torch.tanh(torch.from_numpy(x) @ weights["W1"] + weights["b1"])
    value = functional.cross_entropy(hidden @ weights["W2"] + weights["b2"], torch.tensor(codes))
    value.backward()  # type: ignore[no-untyped-call]  # torch ships it so
    return float(value.detach())


def _gradient(weight: torch.Tensor) -> NDArray[np.float64]:
    return np.asarray(weight.grad, dtype=np.float64)


def spirals(n_each: int, *, seed: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return two arms that no straight line parts: ``(n, 2)`` points and ``(n,)`` codes."""
    rng = generator(seed, "spirals")
    turn = np.linspace(0.4, 3.6, n_each)
    arms = [
        np.column_stack([turn * np.cos(turn + way), turn * np.sin(turn + way)])
        for way in (0.0, np.pi)
    ]
    points = np.concatenate(arms) / 3 + rng.normal(0, 0.04, (2 * n_each, 2))
    return points, np.repeat(np.arange(2), n_each)
