"""Cross-entropy over a large vocabulary without ever holding all logits."""

from __future__ import annotations

from typing import Any

import torch

LOGITS_AT_ONCE = {"cpu": 2**22, "cuda": 2**28}
"""Numbers: on a CPU they stay in its cache, on a GPU they keep it busy."""


def chunked_loss(
    states: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None, labels: torch.Tensor
) -> torch.Tensor:
    """Return the sum of the cross-entropies of ``states @ weight.T + bias``: a scalar, float32.

    Logits are computed a few rows at a time, and their gradient at once with them, so that they
    are computed once and never kept (as the fused loss of Hsu et al. 2024, 'Liger Kernel'). Under
    autocast logits and products are in its precision, sums and losses in float32.

    Args:
        states: ``(n, width)``: the net's last states.
        weight: ``(vocabulary, width)``.
        bias: ``(vocabulary,)``, or None.
        labels: ``(n,)``, int64.
    """
    kind = states.device.type
    exact = torch.is_autocast_enabled(kind)
    dtype = torch.get_autocast_dtype(kind) if exact else states.dtype
    total: torch.Tensor = _ChunkedLoss.apply(states, weight, bias, labels, dtype)  # type: ignore[no-untyped-call]  # torch ships it so
    return total


class _ChunkedLoss(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any,
        states: torch.Tensor,
        weight: torch.Tensor,
        bias: torch.Tensor | None,
        labels: torch.Tensor,
        dtype: torch.dtype,
    ) -> torch.Tensor:
        kind = states.device.type
        learns = any(ctx.needs_input_grad)
        with torch.autocast(kind, enabled=False):
            read, head = states.to(dtype), weight.to(dtype)
            added = None if bias is None else bias.to(dtype)
            rows = max(1, LOGITS_AT_ONCE.get(kind, 2**21) // len(weight))
            total = states.new_zeros((), dtype=torch.float32)
            grads: list[torch.Tensor] = []
            if learns:
                grads = [torch.empty_like(read), torch.zeros_like(weight, dtype=torch.float32)]
                grads += [] if added is None else [torch.zeros_like(added, dtype=torch.float32)]
            for start in range(0, len(read), rows):
                piece = slice(start, start + rows)
                total += _piece(read[piece], head, added, labels[piece], piece, grads)
        ctx.save_for_backward(*grads)
        ctx.dtypes = states.dtype, weight.dtype, None if bias is None else bias.dtype
        return total

    @staticmethod
    def backward(ctx: Any, *upstream: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        found = [
            (grad * upstream[0]).to(dtype)
            for grad, dtype in zip(ctx.saved_tensors, ctx.dtypes, strict=False)
        ]
        return (*found, *[None] * (5 - len(found)))


def _piece(
    states: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor | None,
    labels: torch.Tensor,
    piece: slice,
    grads: list[torch.Tensor],
) -> torch.Tensor:
    """Return a piece's loss sum; write its gradients into ``grads`` where there are any."""
    logits = states @ weight.T if bias is None else torch.addmm(bias, states, weight.T)
    tops = logits.amax(1, keepdim=True)
    marks = labels[:, None]
    gaps = logits.gather(1, marks).float() - tops.float()
    # In place and in the products' own precision: time goes by passes over the logits.
    powers = logits.sub_(tops).exp_()
    sums = powers.sum(1, keepdim=True, dtype=torch.float32)
    if grads:
        # A softmax is never written: rows are divided by their sums where they are narrow. What
        # is learned of the label is a difference, and so is taken before it is rounded.
        powers.scatter_(1, marks, (gaps.exp() - sums).to(powers.dtype))
        grads[0][piece] = (powers @ weight).float() / sums
        grads[1] += powers.T @ (states.float() / sums).to(states.dtype)
        if bias is not None:
            grads[2] += powers.T @ sums.reciprocal()[:, 0].to(powers.dtype)
    return (sums.log() - gaps).sum()
