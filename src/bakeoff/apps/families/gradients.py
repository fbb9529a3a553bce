"""How far back a recurrent net can learn: the gradient of its loss by time step, measured.

Hochreiter 1991 and Bengio et al. 1994, 'Learning Long-Term Dependencies with Gradient Descent is
Difficult': on its way back the gradient passes one factor a step; factors below 1 leave nothing of
it. The gates of LSTM and GRU are there so that a net can learn to make the factor 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional

from bakeoff.apps.families import memory
from bakeoff.core.seeds import derive_seed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bakeoff.models.nets.word_net import WordNet

OPEN_LSTM = "lstm-open"
"""An LSTM whose forget gate starts open (`memory.open_forget_gate`)."""
LENGTHS = (5, 20, 40, 60, 80)
"""Lengths on which the trained nets are tried."""


@dataclass(frozen=True, slots=True)
class Flow:
    """How much of the gradient reaches each time step.

    Args:
        cell: ``"rnn"``, ``"lstm"``, ``"gru"`` or `OPEN_LSTM`.
        trained: Whether after training (on rows of mixed lengths), or at the start.
        norms: Length of the gradient with respect to the vector of each symbol, the first symbol
            first: mean over rows, geometric mean over seeds.
    """

    cell: str
    trained: bool
    norms: tuple[float, ...]

    @property
    def left(self) -> float:
        """The first step's share of the last step's: 1 means that nothing is lost."""
        return self.norms[0] / self.norms[-1]


@dataclass(frozen=True, slots=True)
class Recall:
    """What a net got right after training.

    Args:
        cell: As in `Flow`.
        course: A name in `memory.COURSES`.
        lengths: Of the rows on which it was tried.
        accuracies: For each length the mean over seeds.
    """

    cell: str
    course: str
    lengths: tuple[int, ...]
    accuracies: tuple[float, ...]

    @property
    def at_full_length(self) -> float:
        """Accuracy on rows of `memory.LENGTH`."""
        return self.accuracies[self.lengths.index(memory.LENGTH)]


@dataclass(frozen=True, slots=True)
class Gradients:
    """Both measurements.

    Args:
        flows: Of every cell at the start, then of every trained one.
        recalls: Of every trained cell and course.
        steps: Of training.
        seeds: Over which means were taken.
    """

    flows: tuple[Flow, ...]
    recalls: tuple[Recall, ...]
    steps: int
    seeds: int

    def flow(self, cell: str, *, trained: bool) -> Flow:
        """Return one flow."""
        return next(one for one in self.flows if (one.cell, one.trained) == (cell, trained))

    def recall(self, cell: str, course: str) -> Recall:
        """Return one recall."""
        return next(one for one in self.recalls if (one.cell, one.course) == (cell, course))


def measure(*, steps: int = 300, seeds: int = 2) -> Gradients:
    """Train every cell by every course and measure gradients and accuracy."""
    flows = [flow_at_start(cell, seeds) for cell in (*memory.CELLS, OPEN_LSTM)]
    recalls = []
    for cell in memory.CELLS:
        for course in memory.COURSES:
            nets = [_trained(cell, course, steps, seed) for seed in range(seeds)]
            recalls.append(_recall(cell, course, nets))
            if course == "mixed":
                flows.append(_flow(cell, nets, trained=True))
    return Gradients(tuple(flows), tuple(recalls), steps, seeds)


def flow_at_start(cell: str, seeds: int) -> Flow:
    """Return the gradient by step of a net that has learned nothing yet."""
    plain = "lstm" if cell == OPEN_LSTM else cell
    nets = [memory.make_net(plain, seed=seed) for seed in range(seeds)]
    if cell == OPEN_LSTM:
        nets = [memory.open_forget_gate(net) for net in nets]
    return _flow(cell, nets, trained=False)


def step_norms(net: WordNet, *, seed: int, rows: int = 64) -> NDArray[np.float64]:
    """Return the mean length of each row's gradient by time step: ``(memory.LENGTH,)``, float64.

    Taken with respect to the vector of the symbol read at the step, in double precision.
    """
    symbols, answers = memory.Draws(derive_seed(seed, "flow")).batch(rows, memory.LENGTH)
    mask = symbols > 0
    net = net.double()
    vectors = net.vectors(symbols).detach().requires_grad_()
    outputs = net.head(net.pooling(net.encoder(vectors, mask), mask))
    loss = functional.cross_entropy(outputs, answers, reduction="sum")
    (gradient,) = torch.autograd.grad(loss, vectors)
    net.float()
    return np.asarray(gradient.norm(dim=2).mean(dim=0), dtype=np.float64)


def _flow(cell: str, nets: list[WordNet], *, trained: bool) -> Flow:
    norms = np.array([step_norms(net, seed=seed) for seed, net in enumerate(nets)])
    tiny = np.finfo(np.float64).tiny  # a gradient of exactly 0 has no logarithm
    means = np.exp(np.log(np.maximum(norms, tiny)).mean(axis=0))
    return Flow(cell, trained, tuple(float(mean) for mean in means))


def _trained(cell: str, course: str, steps: int, seed: int) -> WordNet:
    net = memory.make_net(cell, seed=seed)
    memory.train(net, memory.course_lengths(course, steps, seed=seed), seed=seed)
    return net


def _recall(cell: str, course: str, nets: list[WordNet]) -> Recall:
    accuracies = tuple(
        float(np.mean([memory.accuracy(net, n, seed=seed) for seed, net in enumerate(nets)]))
        for n in LENGTHS
    )
    return Recall(cell, course, LENGTHS, accuracies)
