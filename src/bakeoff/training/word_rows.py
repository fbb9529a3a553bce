"""Texts as words, each with the pieces that it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from bakeoff.training.rows import TokenRows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bakeoff.training.rows import Batch


@dataclass(frozen=True, slots=True, kw_only=True)
class WordRows(TokenRows):
    """Texts as token numbers, and as rows of a table of pieces.

    Args:
        words: ``n`` arrays ``(length,)``, int32: for each token its row in ``pieces``.
        pieces: ``(n_words + 1, most)``, int32: numbers of the pieces of each distinct word, 0 where
            there is none; row 0 is all zeros, for padding.
    """

    words: list[NDArray[np.int32]]
    pieces: NDArray[np.int32]

    def batch(self, positions: NDArray[np.int64]) -> Batch:
        """Return what `TokenRows.batch` does, and ``pieces``: ``(n, longest, most)``, int32."""
        batch = TokenRows.batch(self, positions)
        places = np.zeros(tuple(batch["tokens"].shape), dtype=np.int32)
        for row, position in enumerate(positions):
            places[row, : len(self.words[position])] = self.words[position]
        batch["pieces"] = torch.from_numpy(self.pieces[places])
        return batch
