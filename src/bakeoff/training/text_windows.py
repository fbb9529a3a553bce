"""Texts as windows of bytes: long stretches to learn from, all of a text to be judged on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from bakeoff.models.byte_text import text_bytes
from bakeoff.models.nets.language import NOT_ASKED, START
from bakeoff.training.rows import ArrayRows
from bakeoff.training.trained import LabelledRows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bakeoff.training.rows import Batch


def stretches(texts: Sequence[str], length: int) -> LabelledRows:
    """Return all texts, in order and each behind a `START`, as windows to learn from.

    A window begins where the one before ended, whatever text that is in; the last is filled up
    with places that nothing is asked of.

    Args:
        texts: Not empty.
        length: Places of a window.
    """
    start = np.array([START], dtype=np.int32)
    parts = [part for text in texts for part in (start, text_bytes(text).astype(np.int32))]
    stream = np.concatenate([*parts, start])
    windows = -(-(len(stream) - 1) // length)
    filling = windows * length + 1 - len(stream)
    stream = np.concatenate([stream, np.full(filling, START, dtype=np.int32)])
    tokens = stream[:-1].reshape(windows, length)
    following = stream[1:].reshape(windows, length).astype(np.int64)
    following[following == START] = NOT_ASKED
    return LabelledRows(ArrayRows({"tokens": tokens}), torch.from_numpy(following))


@dataclass(frozen=True, slots=True)
class TextWindows:
    """Texts as they are judged: every byte once, from as much before it as the net can see.

    Args:
        tokens: What each window reads: ``(length,)``, int32.
        following: The byte after each place, or `NOT_ASKED` where another window asks: as
            ``tokens``, int64.
        text: ``(windows,)``, int64: the text of each window.
        n_texts: Number of texts.
    """

    tokens: list[NDArray[np.int32]]
    following: list[NDArray[np.int64]]
    text: NDArray[np.int64]
    n_texts: int

    @classmethod
    def of(cls, texts: Sequence[str], context: int | None) -> TextWindows:
        """Cut texts into windows.

        A net with a context of ``c`` places reads the first ``c``, then moves on by half of it:
        every further byte is predicted from at least ``c / 2`` before it. Which bytes those are
        hangs on nothing that comes later.

        Args:
            texts: Any, empty ones too.
            context: Places that a net sees at once; None: all of a text.
        """
        tokens, following, text = [], [], []
        for number, each in enumerate(texts):
            stream = np.concatenate([[START], text_bytes(each)]).astype(np.int32)
            size = context or len(stream)
            begin, asked = 0, 0
            while asked < len(stream) - 1:
                end = min(begin + size, len(stream) - 1)
                answers = stream[begin + 1 : end + 1].astype(np.int64)
                answers[: asked - begin] = NOT_ASKED
                tokens.append(stream[begin:end])
                following.append(answers)
                text.append(number)
                begin, asked = begin + max(size // 2, 1), end
        return cls(tokens, following, np.array(text, dtype=np.int64), len(texts))

    def __len__(self) -> int:
        """Return the number of windows."""
        return len(self.tokens)

    def lengths(self) -> NDArray[np.int64]:
        """Return the number of places of each window."""
        return np.array([len(each) for each in self.tokens], dtype=np.int64)

    def batch(self, positions: NDArray[np.int64]) -> Batch:
        """Return ``tokens`` and ``following`` of windows of one length: ``(n, length)``."""
        return {
            "tokens": torch.from_numpy(np.stack([self.tokens[i] for i in positions])),
            "following": torch.from_numpy(np.stack([self.following[i] for i in positions])),
        }

    def sums(self, nats: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the sum of the windows' nats for each text: ``(n_texts,)``, float64."""
        found = np.zeros(self.n_texts)
        np.add.at(found, self.text, np.asarray(nats, dtype=np.float64))
        return found
