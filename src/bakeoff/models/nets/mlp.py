"""A multi-layer perceptron for table columns: vectors for categories, layers over all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn

if TYPE_CHECKING:
    from collections.abc import Sequence

HIDE = 0.05
"""Share of category values that are hidden while training, so that "unknown" learns its vector."""


class Mlp(nn.Module):
    """Linear layers with a norm, ReLU and dropout between them.

    Args:
        n_features: Length of what it reads.
        width: Outputs.
        hidden: Units of each hidden layer, in order; none: one linear layer.
        norm: ``"layer"`` (LayerNorm before each ReLU) or ``"none"``.
        dropout: Share of units left out while training.
    """

    def __init__(
        self,
        n_features: int,
        width: int,
        *,
        hidden: Sequence[int] = (128, 128),
        norm: str = "none",
        dropout: float = 0.3,
    ) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        size = n_features
        for units in hidden:
            layers.append(nn.Linear(size, units))
            if norm == "layer":
                layers.append(nn.LayerNorm(units))
            layers += [nn.ReLU(), nn.Dropout(dropout)]
            size = units
        self.layers = nn.Sequential(*layers, nn.Linear(size, width))

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Return ``(n, width)`` outputs of ``(n, n_features)``, float32."""
        outputs: torch.Tensor = self.layers(features)
        return outputs


class ColumnVectors(nn.Module):
    """The columns of a table as one vector: numbers as they are, a learned vector a category.

    Source: Guo and Berkhahn 2016, 'Entity Embeddings of Categorical Variables'.

    Args:
        n_numbers: Width of the numbers.
        sizes: Codes of each category column; code 0 is a missing or unknown value.
    """

    def __init__(self, n_numbers: int, sizes: Sequence[int]) -> None:
        super().__init__()
        lengths = [min(32, round(1.6 * size**0.56)) for size in sizes]
        self.embeddings = nn.ModuleList(
            nn.Embedding(size, length) for size, length in zip(sizes, lengths, strict=True)
        )
        self.size = n_numbers + sum(lengths)

    def forward(self, numbers: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
        """Return ``(n, size)``.

        Args:
            numbers: ``(n, n_numbers)``, float32, scaled.
            codes: ``(n, n_columns)``, int64.
        """
        if self.training:
            codes = codes * (torch.rand(codes.shape, device=codes.device) >= HIDE)
        vectors = [table(codes[:, column]) for column, table in enumerate(self.embeddings)]
        return torch.cat([numbers, *vectors], dim=1)


class TableMlp(nn.Module):
    """`ColumnVectors`, and an `Mlp` over them.

    Args:
        n_numbers: Width of the numbers.
        sizes: Codes of each category column.
        width: Outputs.
        hidden: Units of each hidden layer.
        norm: As in `Mlp`.
        dropout: As in `Mlp`.
    """

    def __init__(
        self,
        n_numbers: int,
        sizes: Sequence[int],
        width: int,
        *,
        hidden: Sequence[int] = (128, 128),
        norm: str = "none",
        dropout: float = 0.3,
    ) -> None:
        super().__init__()
        self.columns = ColumnVectors(n_numbers, sizes)
        self.head = Mlp(self.columns.size, width, hidden=hidden, norm=norm, dropout=dropout)

    def forward(self, numbers: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
        """Return ``(n, width)`` outputs.

        Args:
            numbers: ``(n, n_numbers)``, float32, scaled.
            codes: ``(n, n_columns)``, int64; 0: missing or unknown.
        """
        outputs: torch.Tensor = self.head(self.columns(numbers, codes))
        return outputs
