"""Masking for masked language models: which tokens are hidden, and what stands in their place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Sequence

DRAWS = 3
"""Random numbers for each token: is it chosen, what happens to it, which token replaces it."""
SHARE = 0.15
"""Of the tokens are chosen, as BERT does."""
_MASKED, _REPLACED = 0.8, 0.9
"""Below the first a chosen token is masked, below the second replaced, else left as it is."""


@dataclass(frozen=True, slots=True)
class Masked:
    """Some rows, masked.

    Args:
        inputs: ``(n, length)``, int64: what the net reads.
        positions: ``(n, chosen)``, int64: where in a row it must answer; as many in every row.
        labels: ``(n, chosen)``, int64: the tokens that stood there.
    """

    inputs: torch.Tensor
    positions: torch.Tensor
    labels: torch.Tensor


def chosen_of(length: int) -> int:
    """Return how many tokens of a row are chosen: the same for all rows of one length."""
    return max(1, round(SHARE * length))


def mask_tokens(
    tokens: torch.Tensor,
    draws: torch.Tensor,
    *,
    mask: int,
    vocabulary: int,
    special: Sequence[int],
) -> Masked:
    """Choose tokens to answer for: 80 % are masked, 10 % replaced by others, 10 % left.

    Source: Devlin et al. 2019, 'BERT: Pre-training of Deep Bidirectional Transformers for Language
    Understanding', section 3.1. Chosen is a fixed number of each row, so that all rows weigh the
    same and nothing has a size that depends on chance.

    Args:
        tokens: ``(n, length)``, int64.
        draws: ``(n, 3, length)``, float32 from 0 to 1, uniform.
        mask: Number of the mask token.
        vocabulary: Number of tokens; any may replace one.
        special: Numbers of tokens that are never chosen: begin, separator.
    """
    order = draws[:, 0]
    for number in special:
        order = order.masked_fill(tokens == number, -1.0)
    positions = order.topk(chosen_of(tokens.shape[1]), dim=1, sorted=False).indices
    labels = tokens.gather(1, positions)
    fate = draws[:, 1].gather(1, positions)
    others = (draws[:, 2].gather(1, positions) * vocabulary).long().clamp(max=vocabulary - 1)
    seen = torch.where(fate < _REPLACED, others, labels).masked_fill(fate < _MASKED, mask)
    return Masked(tokens.scatter(1, positions, seen), positions, labels)
