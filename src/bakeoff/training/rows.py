"""Rows as a net reads them: kept compact on the host, made into tensors a batch at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
import torch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Batch = dict[str, torch.Tensor]
    """Keyword arguments of the net's ``forward``; every tensor's first axis is the row."""


class Rows(Protocol):
    """Some rows, without targets."""

    def __len__(self) -> int:
        """Return the number of rows."""

    def lengths(self) -> NDArray[np.int64]:
        """Return what each row costs, in tokens: ``(n,)``, int64; all 1 for rows of fixed size."""

    def batch(self, positions: NDArray[np.int64]) -> Batch:
        """Return the rows at ``positions`` as tensors on the host."""


@dataclass(frozen=True, slots=True)
class TokenRows:
    """Texts as sequences of token numbers of any length.

    Args:
        sequences: ``n`` arrays ``(length,)``, int32; none is empty.
        kinds: For pairs of texts: as ``sequences``, which text a token is of; or None.
        pad: Token number that fills a batch up.
        unknown: Token number that augmentation puts in place of one that it leaves out.
        special: Token numbers that augmentation leaves alone: begin, end, separators.
    """

    sequences: list[NDArray[np.int32]]
    kinds: list[NDArray[np.int32]] | None = None
    pad: int = 0
    unknown: int = 2
    special: tuple[int, ...] = (1,)

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.sequences)

    def lengths(self) -> NDArray[np.int64]:
        """Return the number of tokens of each text."""
        return np.fromiter((len(s) for s in self.sequences), np.int64, len(self.sequences))

    def batch(self, positions: NDArray[np.int64]) -> Batch:
        """Return ``tokens`` and ``mask``: ``(n, longest)``, int64 and bool (True: a token).

        ``kinds``, int64, of the same shape, is there for pairs of texts.
        """
        chosen = [self.sequences[i] for i in positions]
        lengths = np.array([len(sequence) for sequence in chosen])
        mask = np.arange(lengths.max()) < lengths[:, None]
        batch = {"tokens": _filled(chosen, mask, self.pad), "mask": torch.from_numpy(mask)}
        if self.kinds is not None:
            batch["kinds"] = _filled([self.kinds[i] for i in positions], mask, 0)
        return batch


def _filled(
    sequences: list[NDArray[np.int32]], mask: NDArray[np.bool_], filling: int
) -> torch.Tensor:
    """Return the sequences one below the other where the mask is true: ``(n, longest)``, int64."""
    filled = np.full(mask.shape, filling, dtype=np.int64)
    filled[mask] = np.concatenate(sequences)
    return torch.from_numpy(filled)


@dataclass(frozen=True, slots=True)
class ArrayRows:
    """Rows of one fixed size: pictures, features, columns of a table.

    Args:
        arrays: Keyword of the net's ``forward`` -> ``(n, ...)``; uint8 pictures become float32
            from 0 to 1.
    """

    arrays: Mapping[str, NDArray[np.generic]]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(next(iter(self.arrays.values())))

    def lengths(self) -> NDArray[np.int64]:
        """Return all ones."""
        return np.ones(len(self), dtype=np.int64)

    def batch(self, positions: NDArray[np.int64]) -> Batch:
        """Return the arrays' rows at ``positions``."""
        found: Batch = {}
        for name, array in self.arrays.items():
            tensor = torch.from_numpy(np.ascontiguousarray(array[positions]))
            found[name] = tensor.float() / 255 if tensor.dtype == torch.uint8 else tensor
        return found


@dataclass(frozen=True, slots=True)
class JoinedRows:
    """Rows of several kinds side by side: text, picture and columns of the same examples.

    Args:
        parts: Each of the same number of rows; a part's keywords are prefixed with its name and
            an underscore: ``text_tokens``, ``text_mask``, ``image_pictures``.
    """

    parts: Mapping[str, Rows]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(next(iter(self.parts.values())))

    def lengths(self) -> NDArray[np.int64]:
        """Return the longest of the parts for each row."""
        lengths = [part.lengths() for part in self.parts.values()]
        return np.asarray(np.maximum.reduce(lengths), dtype=np.int64)

    def batch(self, positions: NDArray[np.int64]) -> Batch:
        """Return all parts' tensors under prefixed names."""
        return {
            f"{name}_{key}": tensor
            for name, part in self.parts.items()
            for key, tensor in part.batch(positions).items()
        }
