"""From one state a word to one vector a text: mean, maximum, attention, or the last state."""

from __future__ import annotations

import torch
from torch import nn

from bakeoff.core.errors import UsageError, did_you_mean


class MeanPooling(nn.Module):
    """The mean of the states of all tokens."""

    def forward(self, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return ``(n, size)`` means.

        Args:
            states: ``(n, length, size)``, float32.
            mask: ``(n, length)``, bool: True at tokens; at least one a row.
        """
        kept = states.masked_fill(~mask[..., None], 0)
        return kept.sum(dim=1) / mask.sum(dim=1, keepdim=True)


class MaxPooling(nn.Module):
    """The largest value of each feature over all tokens."""

    def forward(self, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return ``(n, size)`` maxima; arguments as in `MeanPooling.forward`."""
        return states.masked_fill(~mask[..., None], -torch.inf).amax(dim=1)


class AttentionPooling(nn.Module):
    """A weighted mean, whose weights are learned: what a token says of itself decides.

    Source: Yang et al. 2016, 'Hierarchical Attention Networks for Document Classification'.

    Args:
        size: Numbers of a state.
    """

    def __init__(self, size: int) -> None:
        super().__init__()
        self.hidden = nn.Linear(size, size)
        self.question = nn.Linear(size, 1, bias=False)

    def forward(self, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return ``(n, size)`` weighted means; arguments as in `MeanPooling.forward`."""
        return torch.einsum("nl,nls->ns", self.weights(states, mask), states)

    def weights(self, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return each token's share: ``(n, length)``, 0 at padding, rows sum to 1."""
        scores = self.question(torch.tanh(self.hidden(states)))[..., 0]
        return torch.softmax(scores.masked_fill(~mask, -torch.inf), dim=1)


class LastPooling(nn.Module):
    """The state after the last token; of a backward direction, the one after the first token.

    Args:
        both: Whether the second half of a state is of the backward direction.
    """

    def __init__(self, *, both: bool) -> None:
        super().__init__()
        self.both = both

    def forward(self, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return ``(n, size)`` states; arguments as in `MeanPooling.forward`."""
        last = mask.sum(dim=1) - 1
        found = states[torch.arange(len(states), device=states.device), last]
        if not self.both:
            return found
        half = states.shape[2] // 2
        return torch.cat([found[:, :half], states[:, 0, half:]], dim=1)


POOLINGS = ("mean", "max", "attention", "last")


def make_pooling(name: str, size: int, *, both: bool = False) -> nn.Module:
    """Return the pooling of this name: ``pooling(states, mask)`` gives ``(n, size)``.

    Args:
        name: One of `POOLINGS`.
        size: Numbers of a state.
        both: Whether the second half of a state is of a backward direction.

    Raises:
        UsageError: There is no such pooling.
    """
    if name == "mean":
        return MeanPooling()
    if name == "max":
        return MaxPooling()
    if name == "attention":
        return AttentionPooling(size)
    if name == "last":
        return LastPooling(both=both)
    raise UsageError(
        f"there is no pooling '{name}'",
        why="the poolings are " + ", ".join(POOLINGS),
        fix=did_you_mean(name, POOLINGS),
    )
