"""A pretrained encoder with a fresh linear layer on top, to be trained as one net."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from bakeoff.core.errors import ContenderError

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

_HEAD_DEVIATION = 0.02
"""Of a fresh head's weights, as BERT's own: the first predictions are near to indifferent."""


class EncoderHead(nn.Module):
    """An encoder's vector of a row, dropout, and a linear layer.

    Source: Devlin et al. 2019, 'BERT: Pre-training of Deep Bidirectional Transformers'.

    Args:
        encoder: Gives ``(n, size)`` when it is called with the arguments of `forward`.
        size: Numbers of its vector of a row.
        width: Outputs of the net.
        dropout: Share of the vector's numbers left out while training.
        autocast: Whether it may be computed in bf16; convolutions may not: a picture would get
            other numbers among other neighbours.
    """

    def __init__(
        self,
        encoder: nn.Module,
        size: int,
        width: int,
        *,
        dropout: float = 0.1,
        autocast: bool = True,
    ) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(size, width)
        self.autocast = autocast
        nn.init.normal_(self.head.weight, std=_HEAD_DEVIATION)
        nn.init.zeros_(self.head.bias)

    def forward(self, **rows: torch.Tensor) -> torch.Tensor:
        """Return ``(n, width)`` outputs, float32.

        Args:
            **rows: Of texts: ``tokens``, ``(n, length)``, int64, ``mask``, ``(n, length)``, bool,
                True at tokens, and for pairs ``kinds``, ``(n, length)``, int64: 0 in the first
                text, 1 in the second. Of pictures: ``pixels``, ``(n, channels, height, width)``.
        """
        with self._attention():
            vectors: torch.Tensor = self.encoder(**rows)
        # The head is small and decides: bf16 would leave it eight bits to tell classes apart.
        with torch.autocast(vectors.device.type, enabled=False):
            outputs: torch.Tensor = self.head(self.dropout(vectors.float()))
        return outputs

    def _attention(self) -> AbstractContextManager[None]:
        """Return a context in which attention is computed in the way that learns fastest."""
        if self.training and self.head.weight.device.type == "cpu":
            # The backward pass of the CPU's flash kernel takes a third of a step (torch 2.13).
            return sdpa_kernel(SDPBackend.MATH)
        return contextlib.nullcontext()


def freeze_lowest(model: nn.Module, blocks: int) -> None:
    """Keep a model's lowest blocks, and the embeddings below them, as they are.

    Args:
        model: From transformers; its blocks stand in its longest `torch.nn.ModuleList`.
        blocks: How many; 0: nothing is frozen.

    Raises:
        ContenderError: No block would be left to learn.
    """
    if not blocks:
        return
    lists = [module for module in model.modules() if isinstance(module, nn.ModuleList)]
    stack = max(lists, key=len, default=nn.ModuleList())
    if blocks >= len(stack):
        raise ContenderError(
            f"freeze={blocks} leaves nothing of the encoder's {len(stack)} blocks to learn: "
            "freeze fewer, or use encoder-frozen"
        )
    first = next(stack[blocks].parameters())
    for weight in model.parameters():  # in the order of the layers
        if weight is first:
            return
        weight.requires_grad = False


def set_dropout(model: nn.Module, share: float) -> None:
    """Let all dropout layers of a model leave out this share."""
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = share


def without_pooler(model: nn.Module) -> None:
    """Take off a text encoder's own last layer, which the vectors of `EncoderHead` do not use."""
    if isinstance(getattr(model, "pooler", None), nn.Module):
        setattr(model, "pooler", None)  # noqa: B010 - transformers allows it, torch's types do not
