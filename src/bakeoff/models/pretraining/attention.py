"""Attention written out, where that is faster than the fused kernel: short rows, bf16, CPU."""

from __future__ import annotations

from typing import Any

import torch
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import sdpa_mask

NAME = "bakeoff_short_rows"
LONGEST = 256
"""Tokens of a row: beyond, scores no longer stay in the cache."""


def choose_attention(model: Any) -> None:
    """Let a model of transformers attend by `attend`; nothing of it is saved with the model."""
    model.set_attn_implementation(NAME)


def attend(
    module: Any,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    **options: Any,
) -> tuple[torch.Tensor, None]:
    """Return attended values, ``(n, length, heads, width)``, and no weights.

    torch's fused kernel for CPUs takes three times as long as the same products one by one when
    rows are short and numbers are bf16, most of it on the way back. All else is left to it: other
    devices and precisions, long rows, masks, dropout.

    Args:
        module: The layer; its attribute ``is_causal`` says whether a token sees those after it.
        query: ``(n, heads, length, width)``.
        key: As the query.
        value: As the query.
        attention_mask: None where nothing is padded.
        **options: Of transformers, for the fused kernel: scaling, dropout.
    """
    scaling = options.get("scaling")
    if not (
        query.device.type == "cpu"
        and query.dtype == torch.bfloat16
        and query.shape == key.shape == value.shape
        and query.shape[2] <= LONGEST
        and attention_mask is None
        and not options.get("dropout")
    ):
        return sdpa_attention_forward(module, query, key, value, attention_mask, **options)
    length, width = query.shape[2:]
    scale = width**-0.5 if scaling is None else scaling
    causal = options.get("is_causal")
    causal = getattr(module, "is_causal", True) if causal is None else causal
    scores = (query * scale) @ key.transpose(2, 3)
    if causal and length > 1:
        later = torch.full((length, length), float("-inf"), dtype=scores.dtype).triu(1)
        scores = scores + later
    return (scores.softmax(-1) @ value).transpose(1, 2).contiguous(), None


AttentionInterface.register(NAME, attend)
AttentionMaskInterface.register(NAME, sdpa_mask)
