"""Convolutions over words: each filter looks for one short phrase, wherever it stands."""

from __future__ import annotations

import torch
from torch import nn

from bakeoff.models.nets.word_net import Encoder


class Convolutions(Encoder):
    """One layer of convolutions of several widths, side by side.

    Under maximum pooling it is the TextCNN of Kim 2014, 'Convolutional Neural Networks for Sentence
    Classification': the strongest answer of each filter counts.

    Args:
        size: Length of a word vector.
        filters: Filters of each width.
        spans: Words that a filter sees at once.
    """

    def __init__(
        self, size: int, *, filters: int = 100, spans: tuple[int, ...] = (2, 3, 4)
    ) -> None:
        super().__init__(size, filters * len(spans))
        self.convolutions = nn.ModuleList(
            nn.Conv1d(size, filters, span, padding=span // 2) for span in spans
        )

    def forward(self, vectors: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return the filters' answers around each word: ``(n, length, out)``, 0 or more.

        Args:
            vectors: ``(n, length, size)``, float32.
            mask: ``(n, length)``, bool: True at tokens, False at padding.
        """
        length = vectors.shape[1]
        columns = (vectors * mask[..., None]).transpose(1, 2)  # (n, size, length)
        # An even span leaves one answer more than there are words.
        answers = [convolution(columns)[..., :length] for convolution in self.convolutions]
        return torch.relu(torch.cat(answers, dim=1)).transpose(1, 2)
