"""A net that joins text, picture and columns: late, early, or by cross-attention.

Every branch turns its modality into cells: vectors of one size, one for each word, each place of a
picture, or the columns as a whole. The ways to join differ in when the branches meet.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import torch
from torch import nn

from bakeoff.models.nets.mlp import ColumnVectors, Mlp

if TYPE_CHECKING:
    from collections.abc import Mapping

    Cells = tuple[torch.Tensor, torch.Tensor]
    """``(n, length, size)``, and ``(n, length)``, bool: True where there is a cell."""

FUSIONS = ("late", "early", "cross")
LEFT_OUT = 0.3
"""Share of a row's branches that late fusion leaves out while training: each learns to stand alone.

Source: Neverova et al. 2015, 'ModDrop: Adaptive Multi-Modal Gesture Recognition'.
"""


class WordCells(nn.Module):
    """Word vectors, each mixed with its neighbours'.

    Args:
        n_tokens: Size of the vocabulary; token 0 is padding.
        size: Length of a cell.
    """

    def __init__(self, n_tokens: int, size: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(n_tokens, size, padding_idx=0)
        self.mix = nn.Conv1d(size, size, 3, padding=1)

    def forward(self, tokens: torch.Tensor, mask: torch.Tensor) -> Cells:
        """Return a cell for each word.

        Args:
            tokens: ``(n, length)``, int64.
            mask: ``(n, length)``, bool: True at tokens.
        """
        vectors = self.embedding(tokens)
        mixed = self.mix((vectors * mask[..., None]).transpose(1, 2)).transpose(1, 2)
        return vectors + torch.relu(mixed), mask


class FrozenCells(nn.Module):
    """Features that a pretrained net gave, brought to the common size.

    Args:
        width: Features of a cell.
        size: Length of a cell here.
        dropout: Share of features left out while training.
    """

    def __init__(self, width: int, size: int, dropout: float) -> None:
        super().__init__()
        self.project = nn.Sequential(nn.Dropout(dropout), nn.Linear(width, size))

    def forward(self, cells: torch.Tensor, mask: torch.Tensor) -> Cells:
        """Return a cell for each.

        Args:
            cells: ``(n, length, width)``, float32, standardised.
            mask: ``(n, length)``, bool: True where there is a cell.
        """
        return self.project(cells), mask


class PixelCells(nn.Module):
    """A small convolutional net; each place of its last map is a cell.

    Args:
        size: Length of a cell.
    """

    def __init__(self, size: int) -> None:
        super().__init__()
        widths = (3, 32, 64, size)
        layers: list[nn.Module] = []
        for before, after in pairwise(widths):
            layers += [
                nn.Conv2d(before, after, 3, stride=2, padding=1),
                nn.GroupNorm(1, after),
                nn.ReLU(),
            ]
        self.layers = nn.Sequential(*layers)

    def forward(self, pictures: torch.Tensor) -> Cells:
        """Return a cell for each place of each picture.

        Args:
            pictures: ``(n, pictures, side, side, 3)``, float32 in 0 to 1.
        """
        n = len(pictures)
        maps = self.layers(pictures.flatten(0, 1).permute(0, 3, 1, 2) - 0.5)
        cells = maps.flatten(2).transpose(1, 2).reshape(n, -1, maps.shape[1])
        return cells, cells.new_ones(n, cells.shape[1], dtype=torch.bool)


class ColumnCells(nn.Module):
    """All table columns as one cell.

    Args:
        n_numbers: Width of the numbers.
        sizes: Codes of each category column.
        size: Length of the cell.
        dropout: Share of features left out while training.
    """

    def __init__(self, n_numbers: int, sizes: tuple[int, ...], size: int, dropout: float) -> None:
        super().__init__()
        self.columns = ColumnVectors(n_numbers, sizes)
        self.mix = Mlp(self.columns.size, size, hidden=(size,), dropout=dropout)

    def forward(self, numbers: torch.Tensor, codes: torch.Tensor) -> Cells:
        """Return one cell a row; arguments as in `models.nets.mlp.ColumnVectors`."""
        cells = self.mix(self.columns(numbers, codes))[:, None]
        return cells, torch.ones_like(cells[..., 0], dtype=torch.bool)


class CrossAttention(nn.Module):
    """One modality's cells ask those of the others.

    Source: Vaswani et al. 2017, 'Attention Is All You Need'; between modalities as in Lu et al.
    2019, 'ViLBERT'.

    Args:
        size: Length of a cell.
        dropout: Share of attention left out while training.
    """

    def __init__(self, size: int, dropout: float) -> None:
        super().__init__()
        self.before = nn.LayerNorm(size)
        self.others = nn.LayerNorm(size)
        self.attention = nn.MultiheadAttention(size, 4, dropout=dropout, batch_first=True)

    def forward(
        self, cells: torch.Tensor, others: torch.Tensor, others_mask: torch.Tensor
    ) -> torch.Tensor:
        """Return the cells, ``(n, length, size)``, with what they found added.

        Args:
            cells: ``(n, length, size)``.
            others: ``(n, other_length, size)``.
            others_mask: ``(n, other_length)``, bool: True at cells; one a row at least.
        """
        others = self.others(others)
        found, _ = self.attention(
            self.before(cells), others, others, key_padding_mask=~others_mask, need_weights=False
        )
        joined: torch.Tensor = cells + found
        return joined


class Fusion(nn.Module):
    """Branches, and what joins them.

    - ``late``: each branch gives outputs of its own; they are averaged with learned weights (while
      training, over some of the branches only, drawn for each row).
    - ``early``: the means of the branches' cells, side by side, go through an `Mlp`.
    - ``cross``: each branch's cells attend to those of all others first; then as in ``early``.

    Args:
        branches: Name -> a net that gives cells; its arguments are those of ``forward`` that begin
            with its name and an underscore.
        width: Outputs.
        fusion: Of `FUSIONS`.
        size: Length of a cell.
        dropout: Share of features left out while training.
    """

    def __init__(
        self,
        branches: Mapping[str, nn.Module],
        width: int,
        *,
        fusion: str,
        size: int,
        dropout: float,
    ) -> None:
        super().__init__()
        self.fusion = fusion
        self.branches = nn.ModuleDict(branches)
        self.dropout = nn.Dropout(dropout)
        if fusion == "late":
            self.heads = nn.ModuleDict({name: nn.Linear(size, width) for name in branches})
            self.weights = nn.Parameter(torch.zeros(len(branches)))
        else:
            self.head = Mlp(size * len(branches), width, hidden=(size,), dropout=dropout)
        if fusion == "cross":
            self.attention = nn.ModuleDict(
                {name: CrossAttention(size, dropout) for name in branches}
            )

    def forward(self, **batch: torch.Tensor) -> torch.Tensor:
        """Return ``(n, width)`` outputs.

        Args:
            batch: Each branch's arguments, prefixed with its name and an underscore.
        """
        cells: dict[str, Cells] = {
            name: branch(**_arguments(name, batch)) for name, branch in self.branches.items()
        }
        if self.fusion == "cross":
            cells = {name: self._attended(name, cells) for name in cells}
        means = {name: self.dropout(_mean(*found)) for name, found in cells.items()}
        if self.fusion == "late":
            outputs = [self.heads[name](mean) for name, mean in means.items()]
            return self._averaged(torch.stack(outputs, dim=2))
        joined: torch.Tensor = self.head(torch.cat(list(means.values()), dim=1))
        return joined

    def _averaged(self, outputs: torch.Tensor) -> torch.Tensor:
        """Return ``(n, width)``, the weighted mean of ``(n, width, branches)``."""
        shares = torch.softmax(self.weights, dim=0).expand(len(outputs), -1)
        if self.training:
            kept = torch.rand_like(shares) >= LEFT_OUT
            kept |= ~kept.any(dim=1, keepdim=True)
            shares = shares * kept
            shares = shares / shares.sum(dim=1, keepdim=True)
        return (outputs * shares[:, None]).sum(dim=2)

    def _attended(self, name: str, cells: Mapping[str, Cells]) -> Cells:
        own, mask = cells[name]
        others = [found for other, found in cells.items() if other != name]
        joined = torch.cat([vectors for vectors, _ in others], dim=1)
        joined_mask = torch.cat([there for _, there in others], dim=1)
        return self.attention[name](own, joined, joined_mask), mask


def _arguments(name: str, batch: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    prefix = f"{name}_"
    return {
        key.removeprefix(prefix): value for key, value in batch.items() if key.startswith(prefix)
    }


def _mean(cells: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    weights = mask[..., None].to(cells.dtype)
    return (cells * weights).sum(dim=1) / weights.sum(dim=1).clamp(min=1)
