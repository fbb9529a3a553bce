"""Ways down: gradient descent, SGD, momentum, Adam, AdamW and Muon on one problem, as curves.

The problem is least squares whose directions differ a hundredfold in steepness, the usual trouble:
a rate that suits the steep ones leaves the flat ones where they are. All set out from the same
point, and each is shown at its own best rate of one grid.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn

from bakeoff.core.seeds import generator
from bakeoff.training.optimisers import make_optimiser
from bakeoff.training.recipe import Recipe
from bakeoff.training.seeds import seeded

if TYPE_CHECKING:
    from numpy.typing import NDArray

OPTIMISERS = ("gradient-descent", "sgd", "momentum", "adam", "adamw", "muon")
RATES = tuple(float(10.0**power) for power in np.arange(-4, 0.6, 0.5))
"""Learning rates that each optimiser is tried at."""

ROWS, FEATURES, OUTPUTS, BATCH_ROWS = 512, 16, 4, 32
STEEPEST, FLATTEST, NOISE = 1.0, 0.1, 0.1
"""Largest and smallest deviation of a feature (steepness goes with its square); the noise's."""
START = (-4.0, 1.5)
VALLEY = (1.0, 20.0)
"""Steepness of the valley ``(a x^2 + b y^2) / 2`` along its floor, and across."""


@dataclass(frozen=True, slots=True)
class Curve:
    """One optimiser on the least-squares problem.

    Args:
        optimiser: Name in `training.optimisers`.
        rate: The best of `RATES`: lowest mean excess over the last tenth of the steps.
        excess: Loss over all rows above the least possible, before the first step and after each.
        finals: For each of `RATES` the mean excess over the last tenth; infinite: it diverged.
    """

    optimiser: str
    rate: float
    excess: tuple[float, ...]
    finals: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Path:
    """One optimiser on its way down a valley of two dimensions, without noise.

    Args:
        optimiser: Name in `training.optimisers`.
        rate: The best of `RATES`.
        points: ``(steps + 1)`` pairs x, y.
    """

    optimiser: str
    rate: float
    points: tuple[tuple[float, float], ...]


def descend(*, steps: int = 200, seed: int = 0) -> tuple[Curve, ...]:
    """Return the curve of every optimiser; gradient descent uses all rows of a step."""
    problem = _Problem.draw(seed)
    return tuple(_curve(problem, optimiser, steps, seed) for optimiser in OPTIMISERS)


def walk(*, steps: int = 40) -> tuple[Path, ...]:
    """Return the path of every optimiser down the valley (gradient descent and SGD are one)."""
    return tuple(_path(name, steps) for name in OPTIMISERS if name != "sgd")


@dataclass(frozen=True, slots=True)
class _Problem:
    inputs: torch.Tensor
    targets: torch.Tensor
    least: float

    @classmethod
    def draw(cls, seed: int) -> _Problem:
        rng = generator(seed, "families", "descent")
        deviations = np.geomspace(STEEPEST, FLATTEST, FEATURES)
        inputs = rng.normal(size=(ROWS, FEATURES)) * deviations
        weights = rng.normal(size=(FEATURES, OUTPUTS)) / deviations[:, None]
        targets = inputs @ weights + NOISE * rng.normal(size=(ROWS, OUTPUTS))
        best = np.linalg.lstsq(inputs, targets, rcond=None)[0]
        least = float(((inputs @ best - targets) ** 2).mean() / 2)
        return cls(torch.from_numpy(inputs).float(), torch.from_numpy(targets).float(), least)

    def loss(self, net: nn.Module, rows: NDArray[np.int64] | None = None) -> torch.Tensor:
        chosen = slice(None) if rows is None else torch.from_numpy(rows)
        error = net(self.inputs[chosen]) - self.targets[chosen]
        half: torch.Tensor = (error**2).mean() / 2
        return half


def _curve(problem: _Problem, optimiser: str, steps: int, seed: int) -> Curve:
    tried = [_excess(problem, optimiser, rate, steps, seed) for rate in RATES]
    tail = max(1, steps // 10)
    finals = [float(np.mean(excess[-tail:])) if _ended(excess) else np.inf for excess in tried]
    best = int(np.argmin(finals))
    return Curve(optimiser, RATES[best], tuple(tried[best]), tuple(finals))


def _ended(values: list[float]) -> bool:
    return bool(np.isfinite(values).all())


def _excess(problem: _Problem, optimiser: str, rate: float, steps: int, seed: int) -> list[float]:
    with seeded(seed, "families", "descent"):
        net = nn.Linear(FEATURES, OUTPUTS, bias=False)
    nn.init.zeros_(net.weight)
    way = make_optimiser(net, Recipe(optimiser=optimiser, learning_rate=rate, weight_decay=0.0))
    rng = generator(seed, "families", "batches")
    found = [_above(problem, net)]
    for _ in range(steps):
        rows = None if optimiser == "gradient-descent" else rng.choice(ROWS, BATCH_ROWS, False)
        way.clear()
        problem.loss(net, rows).backward()  # type: ignore[no-untyped-call]  # torch ships it so
        way.step(1.0)
        found.append(_above(problem, net))
    return found


@torch.no_grad()
def _above(problem: _Problem, net: nn.Module) -> float:
    return float(problem.loss(net)) - problem.least


class _Point(nn.Module):
    """A place in the valley: one row of two numbers, so that Muon takes it for a matrix."""

    def __init__(self) -> None:
        super().__init__()
        self.place = nn.Parameter(torch.tensor([START]))

    def forward(self) -> torch.Tensor:
        height: torch.Tensor = (torch.tensor(VALLEY) * self.place**2).sum() / 2
        return height


def _path(optimiser: str, steps: int) -> Path:
    tried = [_points(optimiser, rate, steps) for rate in RATES]
    # The best rate comes to the floor soonest: the height summed over the way is the least.
    sums = [_height_sum(points) for points in tried]
    best = int(np.argmin(sums))
    return Path(optimiser, RATES[best], tuple(tried[best]))


def _height_sum(points: list[tuple[float, float]]) -> float:
    heights = [VALLEY[0] * x * x / 2 + VALLEY[1] * y * y / 2 for x, y in points]
    total = float(np.sum(heights))
    return total if np.isfinite(total) else np.inf


def _points(optimiser: str, rate: float, steps: int) -> list[tuple[float, float]]:
    point = _Point()
    way = make_optimiser(point, Recipe(optimiser=optimiser, learning_rate=rate, weight_decay=0.0))
    points = [START]
    for _ in range(steps):
        way.clear()
        point().backward()
        way.step(1.0)
        x, y = point.place.detach()[0].tolist()
        points.append((x, y))
    return points
