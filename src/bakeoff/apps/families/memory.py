"""A task that needs a memory: the first symbol of a row is the answer, all others are noise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional

from bakeoff.core.seeds import derive_seed, generator
from bakeoff.models.nets.pooling import make_pooling
from bakeoff.models.nets.recurrent import Recurrent
from bakeoff.models.nets.word_net import WordNet
from bakeoff.training.seeds import seeded

if TYPE_CHECKING:
    from collections.abc import Sequence

CELLS = ("rnn", "lstm", "gru")
LENGTH = 60
"""Symbols of a row: so far back lies what matters."""
ANSWERS, NOISE = 4, 4
"""Different symbols that can stand first, and that can follow."""
HIDDEN, SIZE = 32, 16
SHORTEST, GROWTH = 5, 0.8
"""Rows of a growing course have so many symbols at first, and all of them after this share."""
COURSES = ("straight", "growing", "mixed")
"""Lengths of the rows while training: all of `LENGTH`; growing to it; of any length up to that."""


def make_net(cell: str, *, seed: int) -> WordNet:
    """Return a net of one recurrent layer, read at its last state, as torch starts it.

    Args:
        cell: A name in `models.nets.recurrent.CELLS`.
        seed: Of the weights.
    """
    with seeded(seed, "memory", cell):
        encoder = Recurrent(cell, SIZE, HIDDEN, layers=1, both=False, dropout=0.0)
        pooling = make_pooling("last", HIDDEN, both=False)
        return WordNet(1 + ANSWERS + NOISE, ANSWERS, encoder, pooling, dropout=0.0)


def open_forget_gate(net: WordNet) -> WordNet:
    """Begin with an LSTM that rather keeps: 1 is added to the forget gate's bias.

    Gers et al. 2000, 'Learning to Forget'; Jozefowicz et al. 2015, 'An Empirical Exploration of
    Recurrent Network Architectures'.
    """
    with torch.no_grad():
        biases: torch.Tensor = net.encoder.get_parameter("cells.bias_ih_l0")
        biases[HIDDEN : 2 * HIDDEN] += 1  # torch keeps the gates in the order input, forget, ...
    return net


class Draws:
    """Rows of the task, drawn one batch after the other.

    Args:
        seed: Same seed, same batches.
    """

    def __init__(self, seed: int) -> None:
        self._generator = torch.Generator().manual_seed(derive_seed(seed, "memory", "rows"))

    def batch(self, rows: int, length: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Return ``(rows, length)`` symbols from 1 and ``(rows,)`` answers from 0, both int64."""
        first, last = 1 + ANSWERS, 1 + ANSWERS + NOISE
        symbols = torch.randint(first, last, (rows, length), generator=self._generator)
        answers = torch.randint(ANSWERS, (rows,), generator=self._generator)
        symbols[:, 0] = 1 + answers
        return symbols, answers


def course_lengths(course: str, steps: int, *, seed: int) -> list[int]:
    """Return the length of the rows at each step of a course in `COURSES`."""
    if course == "straight":
        return [LENGTH] * steps
    grown = [min(1.0, step / (GROWTH * steps)) for step in range(steps)]
    longest = [SHORTEST + round((LENGTH - SHORTEST) * share) for share in grown]
    if course == "growing":
        return longest
    rng = generator(seed, "memory", "lengths")
    return [int(rng.integers(2, length + 1)) for length in longest]


def train(net: WordNet, lengths: Sequence[int], *, seed: int, rows: int = 32) -> None:
    """Train in place with Adam (rate 0.005, gradients cut at length 1), a batch a step.

    Args:
        net: From `make_net`.
        lengths: Of the rows, for each step.
        seed: Of the rows.
        rows: Of a batch.
    """
    draws = Draws(seed)
    optimiser = torch.optim.Adam(net.parameters(), lr=5e-3)
    for length in lengths:
        symbols, answers = draws.batch(rows, length)
        loss = functional.cross_entropy(net(symbols, symbols > 0), answers)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch ships it so
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()


@torch.no_grad()
def accuracy(net: WordNet, length: int, *, seed: int, rows: int = 256) -> float:
    """Return the share of right answers on fresh rows of a length; chance is one in `ANSWERS`."""
    symbols, answers = Draws(derive_seed(seed, "fresh", length)).batch(rows, length)
    return float((net(symbols, symbols > 0).argmax(dim=1) == answers).float().mean())
