"""Which rows stand in a batch: little padding while training, none at all while predicting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bakeoff.core.seeds import generator

if TYPE_CHECKING:
    from numpy.typing import NDArray

POOL_BATCHES = 32
"""Training batches are cut from random pools of about so many batches, each sorted by length."""


def training_batches(
    lengths: NDArray[np.int64], *, seed: int, epoch: int, batch_tokens: int, batch_rows: int
) -> list[NDArray[np.int64]]:
    """Return the batches of an epoch: every row once, in an order drawn for this epoch alone.

    Rows of like length stand together, so that hardly any padding is computed; the order of rows
    within pools and of batches stays random. The order depends on ``seed`` and ``epoch`` alone,
    so that a resumed fit goes on with the same batches.

    Args:
        lengths: ``(n,)``, int64, tokens of each row.
        seed: Of the fit.
        epoch: From 0.
        batch_tokens: Tokens of a batch, padding included, at most (one row may be longer).
        batch_rows: Rows of a batch, at most.
    """
    drawn = generator(seed, "batches", epoch)
    order = drawn.permutation(len(lengths))
    pool = POOL_BATCHES * batch_rows
    batches: list[NDArray[np.int64]] = []
    for start in range(0, len(order), pool):
        part = order[start : start + pool]
        part = part[np.argsort(lengths[part], kind="stable")]
        batches += _cut(part, lengths, batch_tokens, batch_rows)
    return [batches[i] for i in drawn.permutation(len(batches))]


def equal_length_batches(
    lengths: NDArray[np.int64], *, batch_tokens: int = 8192, batch_rows: int = 256
) -> list[NDArray[np.int64]]:
    """Return batches of rows of exactly the same length: nothing is padded.

    A row then gets the same numbers, but for rounding in the last bit (for one row another kernel
    may run than for many), whoever its neighbours are.
    """
    order = np.argsort(lengths, kind="stable")
    ends = np.flatnonzero(np.diff(lengths[order])) + 1
    batches: list[NDArray[np.int64]] = []
    for group in np.split(order, ends):
        if len(group):
            batches += _cut(group, lengths, batch_tokens, batch_rows)
    return batches


def _cut(
    rows: NDArray[np.int64], lengths: NDArray[np.int64], batch_tokens: int, batch_rows: int
) -> list[NDArray[np.int64]]:
    """Cut rows, sorted by length, into batches within both limits."""
    batches, start = [], 0
    for end in range(1, len(rows) + 1):
        full = end == len(rows) or end - start == batch_rows
        if full or (end - start + 1) * int(lengths[rows[end]]) > batch_tokens:
            batches.append(rows[start:end])
            start = end
    return batches
