"""A convolution whose filters and whose outputs are both normalised, a picture at a time."""

from __future__ import annotations

import math

import torch
from torch import nn
from torch.nn import functional

_GROUP_FILTERS = 16
_EPSILON = 1e-5


class Convolution(nn.Module):
    """Slides filters over maps; each group of filters then gets mean 0 and deviation 1.

    Batch normalisation (Ioffe and Szegedy 2015) does the like over all pictures of a batch, so
    that a picture's outputs hang on its neighbours: a batch of one row teaches nothing, a batch
    that is cut in two for want of memory teaches something else, and predicting is another
    computation than learning. Group normalisation (Wu and He 2018) looks at one picture alone.
    By itself it learns far more slowly in a short training; with filters that are standardised
    too (Qiao et al. 2019, 'Weight Standardization') it is level: `design/norms-of-pictures.md`.

    A group holds 16 filters, which Wu and He found best (their table 3); on a CPU, groups of 8 or
    4 take five to nine times as long in bf16, these no longer than batch normalisation.

    Args:
        channels: Maps that come in.
        filters: Maps that go out.
        side: Of a filter, odd: 3 sees a pixel and its eight neighbours.
        stride: 2 halves the side of the maps.
    """

    def __init__(self, channels: int, filters: int, side: int = 3, stride: int = 1) -> None:
        super().__init__()
        self.stride = stride
        self.filters = nn.Parameter(torch.empty(filters, channels, side, side))
        nn.init.kaiming_normal_(self.filters)
        self.norm = nn.GroupNorm(filters // math.gcd(filters, _GROUP_FILTERS), filters)

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        """Return ``(n, filters, side / stride, ...)`` of ``(n, channels, side, side)``."""
        variance, mean = torch.var_mean(self.filters, dim=(1, 2, 3), keepdim=True)
        standard = (self.filters - mean) * torch.rsqrt(variance + _EPSILON)
        margin = self.filters.shape[2] // 2  # zeros around the maps, so that they keep their side
        found = functional.conv2d(maps, standard, stride=self.stride, padding=margin)
        normed: torch.Tensor = self.norm(found)
        return normed
