"""Texts as bytes: the symbols that every text has, whatever its language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bakeoff.models.kneser_ney import Sequences

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

N_BYTES = 256


def text_bytes(text: str) -> NDArray[np.uint8]:
    """Return the UTF-8 bytes of a text: ``(m,)``, uint8."""
    return np.frombuffer(text.encode("utf-8", "surrogatepass"), dtype=np.uint8)


def byte_sequences(texts: Sequence[str]) -> Sequences:
    """Return texts as sequences of bytes."""
    parts = [text_bytes(text) for text in texts]
    lengths = np.array([len(part) for part in parts], dtype=np.int64)
    symbols = np.concatenate(parts) if parts else np.zeros(0, dtype=np.uint8)
    rows = np.repeat(np.arange(len(parts)), lengths)
    return Sequences(symbols.astype(np.int64), rows, len(parts))


def written(
    next_shares: Callable[[NDArray[np.int64]], NDArray[np.float64]],
    characters: int,
    rng: np.random.Generator,
) -> str:
    """Return a text drawn byte by byte.

    Args:
        next_shares: Given the bytes so far, ``(m,)``: the probability of each byte, ``(256,)``.
        characters: Length of the text; bytes that make no character are shown as one.
        rng: What is drawn from.
    """
    so_far: list[int] = []
    while True:
        text = bytes(so_far).decode("utf-8", "replace")
        # One more than asked for: the last may be the beginning of a character of several bytes.
        if len(text) > characters:
            return text[:characters]
        shares = next_shares(np.asarray(so_far, dtype=np.int64))
        so_far.append(int(rng.choice(N_BYTES, p=shares / shares.sum())))
